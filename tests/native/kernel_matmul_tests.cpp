#include <cstdint>

#include "kernel_products.hpp"

using namespace kernel_test;

namespace {

constexpr Store every_store[] = {Store::set, Store::accumulate, Store::gelu, Store::gelu_tanh};

/// Error of every entry against float64, as a share of what the sum's terms allow.
double product_error(const KernelTable& table, std::size_t rows, std::size_t inner, std::size_t columns, Store store,
                     bool with_bias) {
  const auto seed = static_cast<unsigned>(rows * 1009 + inner * 31 + columns);
  const Matrix a = Matrix(rows, inner).randomize(seed);
  const Matrix b = Matrix(inner, columns).randomize(seed + 1);
  const Matrix bias = Matrix(1, columns).randomize(seed + 2);
  const Matrix before = Matrix(rows, columns).randomize(seed + 3);
  Matrix c = before;
  multiply(table, a, packed(table, b), with_bias ? bias.data() : nullptr, c, store);
  CHECK(c.intact());
  Worst worst;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      double sum = with_bias ? bias.at(0, j) : 0;
      double size = std::abs(sum) + std::abs(before.at(i, j)) + 1;
      for (std::size_t k = 0; k < inner; ++k) {
        sum += double{a.at(i, k)} * b.at(k, j);
        size += std::abs(double{a.at(i, k)} * b.at(k, j));
      }
      worst.see(c.at(i, j), true_store(sum, before.at(i, j), store), 5e-7 * size);
    }
  }
  return worst.ratio();
}

/// f(x) of one activation over a list of numbers: products with the 1 × 1 matrix [1].
Matrix activated(const KernelTable& table, const Matrix& x, Store store) {
  Matrix one(1, 1);
  one.at(0, 0) = 1;
  Matrix result(x.rows(), 1);
  multiply(table, x, packed(table, one), nullptr, result, store);
  return result;
}

}  // namespace

TEST_CASE("packing follows its definition") {
  for_each_table([](const KernelTable& table) {
    const std::size_t width = table.panel_width;
    for (std::size_t inner = 1; inner <= 2 * width + 1; ++inner) {
      for (std::size_t columns = 0; columns <= 2 * width + 1; ++columns) {
        const Matrix rows = Matrix(inner, columns).randomize(1);
        const Matrix transposed = Matrix(columns, inner).fill([&](auto j, auto k) { return rows.at(k, j); });
        const Matrix spread =
            Matrix(inner, 2 * columns).fill([&](auto k, auto j) { return j % 2 == 0 ? rows.at(k, j / 2) : 99.0F; });
        const Matrix expected = Matrix(1, packed_size(table, inner, columns), 0).fill([&](auto, auto p) {
          const std::size_t column = p / (inner * width) * width + p % width;
          return column < columns ? rows.at(p / width % inner, column) : 0.0F;
        });
        CAPTURE(inner);
        CAPTURE(columns);
        CHECK(bit_equal(packed(table, rows), expected));
        Matrix result(1, expected.columns());
        table.pack(transposed.data(), 1, transposed.stride(), inner, columns, result.data());
        CHECK(bit_equal(result, expected));
        CHECK(result.intact());
        result.fill(0);
        table.pack(spread.data(), spread.stride(), 2, inner, columns, result.data());
        CHECK(bit_equal(result, expected));
      }
    }
  });
}

TEST_CASE("products of every small shape equal float64") {
  for_each_table([](const KernelTable& table) {
    const std::size_t width = table.panel_width;
    for (std::size_t rows = 0; rows <= 25; ++rows) {
      for (std::size_t columns = 0; columns <= 2 * width + 1; ++columns) {
        const Store store = every_store[(rows + columns) % 4];
        CAPTURE(rows);
        CAPTURE(columns);
        CHECK(product_error(table, rows, 5, columns, store, columns % 3 != 0) <= 1);
      }
    }
    for (std::size_t inner = 1; inner <= 2 * width + 1; ++inner) {
      CAPTURE(inner);
      CHECK(product_error(table, 5, inner, width + 3, Store::set, true) <= 1);
    }
  });
}

TEST_CASE("deep products equal float64, whatever is done with them") {
  for_each_table([](const KernelTable& table) {
    for (const std::size_t inner : {127U, 128U, 129U, 255U, 257U, 384U, 511U, 513U, 1536U}) {
      for (const Store store : every_store) {
        CAPTURE(inner);
        CAPTURE(static_cast<int>(store));
        CHECK(product_error(table, 7, inner, table.panel_width + 1, store, true) <= 1);
      }
    }
  });
}

TEST_CASE("a row's product is bit-equal whatever stands beside it") {
  for_each_table([](const KernelTable& table) {
    for (const std::size_t inner : {5U, 700U}) {
      for (const Store store : every_store) {
        const std::size_t rows = 29;
        const Matrix a = Matrix(rows, inner).randomize(1);
        const Matrix b = packed(table, Matrix(inner, table.panel_width + 5).randomize(2));
        const Matrix bias = Matrix(1, table.panel_width + 5).randomize(3);
        const Matrix before = Matrix(rows, table.panel_width + 5).randomize(4);
        Matrix together = before;
        multiply(table, a, b, bias.data(), together, store);
        for (std::size_t group = 1; group < rows; ++group) {
          Matrix apart = before;
          for (std::size_t i = 0; i < rows; i += group) {
            multiply(table, a, b, bias.data(), apart, store, i, std::min(group, rows - i));
          }
          CAPTURE(inner);
          CAPTURE(group);
          CHECK(bit_equal(together, apart));
        }
      }
    }
  });
}

TEST_CASE("both GELUs are within 1e-6 of float64") {
  const std::size_t steps = 40001;
  const Matrix x = Matrix(steps, 1, 0).fill([](auto i, auto) { return -10 + 5e-4F * static_cast<float>(i); });
  for_each_table([&](const KernelTable& table) {
    for (const Store store : {Store::gelu, Store::gelu_tanh}) {
      const Matrix result = activated(table, x, store);
      Worst worst;
      for (std::size_t i = 0; i < steps; ++i) {
        const double truth = true_store(x.at(i, 0), 0, store);
        worst.see(result.at(i, 0), truth, 1e-6 + 1e-7 * std::abs(truth));
      }
      CAPTURE(static_cast<int>(store));
      CHECK(worst.ratio() <= 1);
    }
  });
}

TEST_CASE("both GELUs of NaN are NaN") {
  const Matrix x = Matrix(17, 1).fill([](auto, auto) { return std::numeric_limits<float>::quiet_NaN(); });
  for_each_table([&](const KernelTable& table) {
    for (const Store store : {Store::gelu, Store::gelu_tanh}) {
      const Matrix result = activated(table, x, store);
      for (std::size_t i = 0; i < x.rows(); ++i) CHECK(std::isnan(result.at(i, 0)));
    }
  });
}

TEST_CASE("both GELUs of extreme numbers are 0 or the number") {
  Matrix x(8, 1);
  const float extremes[] = {1e4F, -1e4F, 1e15F, -1e15F, 0.0F, 1e-40F, 3e38F, -3e38F};
  x.fill([&](auto i, auto) { return extremes[i]; });
  for_each_table([&](const KernelTable& table) {
    for (const Store store : {Store::gelu, Store::gelu_tanh}) {
      const Matrix result = activated(table, x, store);
      for (std::size_t i = 0; i < x.rows(); ++i) {
        CAPTURE(x.at(i, 0));
        CHECK(result.at(i, 0) == doctest::Approx(std::max(x.at(i, 0), 0.0F)));
      }
    }
  });
}

TEST_CASE("accumulating a thousand blocks loses nothing that one product would keep") {
  const std::size_t blocks = 1024;
  const std::size_t inner = 64;
  const Matrix a = Matrix(3, inner).randomize(1, 0.1F, 1);
  const Matrix b = Matrix(inner, 40).randomize(2, 0.1F, 1);
  for_each_table([&](const KernelTable& table) {
    const Matrix packed_b = packed(table, b);
    Matrix c = Matrix(3, 40).fill(0);
    for (std::size_t block = 0; block < blocks; ++block) multiply(table, a, packed_b, nullptr, c, Store::accumulate);
    Worst worst;
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 40; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < inner; ++k) sum += double{a.at(i, k)} * b.at(k, j);
        worst.see(c.at(i, j), sum * blocks, 2e-5 * sum * blocks);
      }
    }
    CHECK(worst.ratio() <= 1);
  });
}
