// Products of small integers: exact sums on every kernel, and what rounding to 7 bits may cost.

#include <cstdint>

#include "kernel_products.hpp"

using namespace kernel_test;

namespace {

/// Whole numbers in [-a, 127 - a] with another a in each row, both ends in it: quantising keeps them.
Matrix random_whole_numbers(std::size_t rows, std::size_t inner, unsigned seed) {
  std::mt19937 source(seed);
  std::uniform_int_distribution<int> any(0, 127);
  return Matrix(rows, inner).fill([&](auto i, auto k) {
    const int a = inner == 1 ? 0 : static_cast<int>(37 * i % 128);
    const int value = any(source);
    if (k == i % inner) return static_cast<float>(127 - a);
    return static_cast<float>(k == (i + 1) % inner ? -a : value - a);
  });
}

std::int64_t true_sum(const Matrix& x, const Weights& weights, std::size_t i, std::size_t j) {
  std::int64_t sum = 0;
  for (std::size_t k = 0; k < weights.inner; ++k) sum += std::lround(x.at(i, k)) * weights.at(k, j);
  return sum;
}

void check_sums(const KernelTable& table, std::size_t rows, std::size_t inner, std::size_t columns) {
  const Matrix x = random_whole_numbers(rows, inner, static_cast<unsigned>(rows * 1000 + inner));
  const Weights weights = random_weights(inner, columns, static_cast<unsigned>(inner * 100 + columns));
  Matrix c(rows, columns);
  Product{columns}(table, x, weights, c);
  CHECK(c.intact());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) wrong += std::llround(c.at(i, j)) != true_sum(x, weights, i, j) ? 1 : 0;
  }
  CAPTURE(rows);
  CAPTURE(inner);
  CAPTURE(columns);
  CHECK(wrong == 0);
}

/// What quantising leaves of x: its product with the identity.
Matrix quantised(const KernelTable& table, const Matrix& x) {
  const std::size_t size = x.columns();
  Matrix result(x.rows(), size);
  Product{size}(table, x, Weights(size, size, [](auto k, auto j) { return k == j ? 1 : 0; }), result);
  return result;
}

}  // namespace

TEST_CASE("sums of integer products are exact at every small shape") {
  for_each_table([](const KernelTable& table) {
    const std::size_t width = table.panel_width;
    for (std::size_t rows = 0; rows <= 25; ++rows) check_sums(table, rows, 5 + rows, width + rows % width);
    for (std::size_t columns = 0; columns <= 2 * width + 1; ++columns) check_sums(table, 3, 70, columns);
    for (std::size_t inner = 1; inner <= 130; ++inner) check_sums(table, 2, inner, width + 1);
  });
}

TEST_CASE("sums of integer products are exact at the network's shapes") {
  for_each_table([](const KernelTable& table) {
    check_sums(table, 13, 384, 96);
    check_sums(table, 13, 1536, 96);
  });
}

TEST_CASE("the largest products do not overflow") {
  const std::size_t inner = 1536;
  Matrix x(2, inner);
  for (std::size_t k = 0; k < inner; ++k) {
    x.at(0, k) = 127;
    x.at(1, k) = -127;
  }
  for (const int weight : {-127, 127}) {
    const Weights weights(inner, 40, [&](auto, auto) { return weight; });
    const double expected = 127.0 * weight * static_cast<double>(inner);
    for_each_table([&](const KernelTable& table) {
      Matrix c(2, 40);
      Product{40}(table, x, weights, c);
      for (std::size_t j = 0; j < 40; ++j) {
        CHECK(c.at(0, j) == doctest::Approx(expected).epsilon(1e-6));
        CHECK(c.at(1, j) == doctest::Approx(-expected).epsilon(1e-6));
      }
    });
  }
}

TEST_CASE("scales, bias and activation are applied to the sums") {
  const std::size_t inner = 100;
  const std::size_t columns = 45;
  const Matrix x = Matrix(7, inner).randomize(1);
  const Weights weights = random_weights(inner, columns, 2);
  Product product(columns);
  for (std::size_t j = 0; j < columns; ++j) {
    product.scale[j] = 0.001F * static_cast<float>(j + 1);
    product.bias[j] = 0.1F * static_cast<float>(j) - 2;
  }
  for_each_table([&](const KernelTable& table) {
    const Matrix kept = quantised(table, x);
    for (const Store store : {Store::set, Store::gelu, Store::gelu_tanh}) {
      Matrix c(7, columns);
      product(table, x, weights, c, store);
      Worst worst;
      for (std::size_t i = 0; i < x.rows(); ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
          double sum = 0;
          for (std::size_t k = 0; k < inner; ++k) sum += double{kept.at(i, k)} * weights.at(k, j);
          const double expected = true_store(sum * product.scale[j] + product.bias[j], 0, store);
          worst.see(c.at(i, j), expected, 1e-5 * (1 + std::abs(expected)));
        }
      }
      CAPTURE(static_cast<int>(store));
      CHECK(worst.ratio() <= 1);
    }
  });
}

TEST_CASE("quantising moves no value by more than half a step") {
  const std::size_t columns = 77;
  Matrix x = Matrix(7, columns).randomize(3);
  for (std::size_t k = 0; k < columns; ++k) {
    x.at(1, k) = -std::abs(x.at(1, k)) - 3;
    x.at(2, k) = std::abs(x.at(2, k)) + 3;
    x.at(3, k) = 0;
    x.at(4, k) *= 1e-20F;
    x.at(5, k) = k == 40 ? 1e6F : x.at(5, k);
    x.at(6, k) *= 1e-39F;
  }
  for_each_table([&](const KernelTable& table) {
    const Matrix kept = quantised(table, x);
    Worst worst;
    for (std::size_t i = 0; i < x.rows(); ++i) {
      const auto [min, max] = std::minmax_element(x.row(i), x.row(i) + columns);
      const double step = (double{std::max(*max, 0.0F)} - std::min(*min, 0.0F)) / 127;
      for (std::size_t k = 0; k < columns; ++k) worst.see(kept.at(i, k), x.at(i, k), 0.501 * step + 1e-30);
    }
    CHECK(worst.ratio() <= 1);
  });
}

TEST_CASE("a row that is not finite stays so, and leaves its neighbours alone") {
  for (const float bad : {INFINITY, -INFINITY, NAN}) {
    for (const std::size_t at : {0U, 30U, 36U}) {
      Matrix x = Matrix(3, 37).randomize(4);
      x.at(1, at) = bad;
      for_each_table([&](const KernelTable& table) {
        const Matrix kept = quantised(table, x);
        CHECK(!std::isfinite(kept.at(1, 5)));
        CHECK(std::isfinite(kept.at(0, 5)));
        CHECK(std::isfinite(kept.at(2, 5)));
      });
    }
  }
}

TEST_CASE("a row's integer product is bit-equal whatever stands beside it") {
  const std::size_t rows = 29;
  const Matrix x = Matrix(rows, 90).randomize(5);
  const Weights weights = random_weights(90, 70, 6);
  const Product product(70);
  for_each_table([&](const KernelTable& table) {
    Matrix together(rows, 70);
    product(table, x, weights, together, Store::gelu);
    for (std::size_t group = 1; group < rows; ++group) {
      Matrix apart(rows, 70);
      for (std::size_t i = 0; i < rows; i += group) product(table, x, weights, apart, Store::gelu, i, group);
      CAPTURE(group);
      CHECK(bit_equal(together, apart));
    }
  });
}
