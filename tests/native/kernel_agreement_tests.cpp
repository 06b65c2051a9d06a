// One answer on every machine: each vectorised kernel gives the same floats to the last bit, whatever its width.

#include "kernel_products.hpp"

using namespace kernel_test;
using nystrom::kernels::available;
using nystrom::kernels::OnlineSoftmax;
using nystrom::kernels::pseudo_inverse_workspace;

namespace {

/// Calls result(table) for every vectorised table and compares what it returns. The plain twin sums in float64.
template <class Result>
void check_agreement(Result result) {
  const auto vectorised = available().subspan(1);
  if (vectorised.empty()) return;
  const Matrix expected = result(*vectorised.front());
  CHECK(expected.finite());
  for (const KernelTable* table : vectorised.subspan(1)) {
    const std::string kernels = table->name;
    CAPTURE(kernels);
    CHECK(bit_equal(result(*table), expected));
  }
}

constexpr std::size_t sizes[] = {1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, 127, 129, 384, 513, 1500};

Matrix product(const KernelTable& table, std::size_t inner, std::size_t columns, Store store) {
  const Matrix bias = Matrix(1, columns).randomize(3);
  Matrix c = Matrix(5, columns).randomize(4);
  multiply(table, Matrix(5, inner).randomize(1), packed(table, Matrix(inner, columns).randomize(2)), bias.data(), c,
           store);
  return c;
}

Matrix integer_product(const KernelTable& table, std::size_t inner, std::size_t columns, Store store) {
  Product product(columns);
  for (std::size_t j = 0; j < columns; ++j) {
    product.scale[j] = 0.001F * static_cast<float>(j + 1);
    product.bias[j] = 0.1F * static_cast<float>(j) - 1;
  }
  Matrix c(5, columns);
  product(table, Matrix(5, inner).randomize(1), random_weights(inner, columns, 2), c, store);
  return c;
}

/// Two blocks of scores, and below them the state after each.
Matrix online_softmax(const KernelTable& table, std::size_t columns) {
  Matrix result = Matrix(4, columns + 3, 0).randomize(5, 4);
  for (const std::size_t row : {0U, 2U}) {
    float* state = result.row(row) + columns;
    const float* before = row == 0 ? nullptr : result.row(0) + columns;
    state[0] = before ? before[0] : -std::numeric_limits<float>::infinity();
    state[1] = before ? before[1] : 0;
    table.online_softmax(result.row(row), result.stride(), 1, columns, 0.3F,
                         OnlineSoftmax{.max = state, .sum = state + 1, .rescale = state + 2});
  }
  return result;
}

Matrix pseudo_inverse(const KernelTable& table, std::size_t m) {
  Matrix a = Matrix(m, m, 0).randomize(6);
  table.softmax(a.data(), m, m, m, 1);
  Matrix result(m + 1, std::max<std::size_t>(m, 7), 0);
  result.fill(0);
  std::vector<float> z(m * m);
  std::vector<float> workspace(pseudo_inverse_workspace(table, m));
  table.pseudo_inverse(
      {.a = a.data(), .m = m, .last = 6, .z = z.data(), .workspace = workspace.data(), .residuals = result.row(m)});
  for (std::size_t i = 0; i < m; ++i) std::copy_n(z.data() + i * m, m, result.row(i));
  return result;
}

}  // namespace

TEST_CASE("products round alike on every kernel") {
  for (const std::size_t inner : sizes) {
    for (const std::size_t columns : {1U, 5U, 32U, 37U}) {
      CAPTURE(inner);
      CAPTURE(columns);
      for (const Store store : {Store::set, Store::accumulate, Store::gelu, Store::gelu_tanh}) {
        check_agreement([=](const KernelTable& table) { return product(table, inner, columns, store); });
      }
      for (const Store store : {Store::set, Store::gelu, Store::gelu_tanh}) {
        check_agreement([=](const KernelTable& table) { return integer_product(table, inner, columns, store); });
      }
    }
  }
}

TEST_CASE("what works on rows rounds alike on every kernel") {
  for (const std::size_t columns : sizes) {
    CAPTURE(columns);
    check_agreement([=](const KernelTable& table) {
      Matrix x = Matrix(3, columns).randomize(1, 9);
      table.softmax(x.data(), x.stride(), 3, columns, 0.2F);
      return x;
    });
    check_agreement([=](const KernelTable& table) { return online_softmax(table, columns); });
    check_agreement([=](const KernelTable& table) {
      Matrix x = Matrix(3, columns).randomize(1, 2, 3);
      const Matrix residual = Matrix(3, columns, 1).randomize(2);
      const Matrix gamma = Matrix(1, columns).randomize(3);
      const Matrix beta = Matrix(1, columns).randomize(4);
      table.layer_norm(x.data(), x.stride(), residual.data(), residual.stride(), 3, columns, gamma.data(), beta.data(),
                       1e-5F);
      return x;
    });
    check_agreement([=](const KernelTable& table) {
      const Matrix x = Matrix(300, columns).randomize(1);
      Matrix out(4, columns);
      table.segment_means(x.data(), x.stride(), 300, columns, 4, out.data(), out.stride());
      return out;
    });
  }
}

TEST_CASE("the convolution and the pseudo-inverse round alike on every kernel") {
  for (const std::size_t size : {1U, 5U, 8U, 32U, 37U}) {
    CAPTURE(size);
    check_agreement([=](const KernelTable& table) {
      const Matrix values = Matrix(20, 2 * size).randomize(1);
      const Matrix filter = Matrix(2, 9, 0).randomize(2);
      Matrix out(20, 2 * size);
      table.convolve({.values = values.data(),
                      .values_stride = values.stride(),
                      .tokens = 20,
                      .first = 0,
                      .rows = 20,
                      .heads = 2,
                      .head_size = size,
                      .filter = filter.data(),
                      .width = 9,
                      .out = out.data(),
                      .out_stride = out.stride()});
      return out;
    });
    check_agreement([=](const KernelTable& table) { return pseudo_inverse(table, size); });
  }
}
