#pragma once

// Matrix products as the kernels take them: packed, in floats or in small integers.

#include <cstdint>

#include "kernel_support.hpp"

namespace kernel_test {

using nystrom::kernels::packed_size;
using nystrom::kernels::QuantisedRows;

inline Matrix packed(const KernelTable& table, const Matrix& b) {
  Matrix result(1, packed_size(table, b.rows(), b.columns()));
  table.pack(b.data(), b.stride(), 1, b.rows(), b.columns(), result.data());
  CHECK(result.intact());
  return result;
}

inline void multiply(const KernelTable& table, const Matrix& a, const Matrix& packed_b, const float* bias, Matrix& c,
                     Store store, std::size_t first_row = 0, std::size_t rows = SIZE_MAX) {
  table.matmul({.a = a.row(first_row),
                .a_stride = a.stride(),
                .packed = packed_b.data(),
                .bias = bias,
                .c = c.row(first_row),
                .c_stride = c.stride(),
                .rows = std::min(rows, a.rows()),
                .columns = c.columns(),
                .inner = a.columns()},
               store);
}

/// columns × inner, as pack_int8 takes it.
struct Weights {
  std::size_t inner;
  std::size_t columns;
  std::vector<std::int8_t> values;

  Weights(std::size_t inner_size, std::size_t column_count, const std::function<int(std::size_t, std::size_t)>& value)
      : inner(inner_size), columns(column_count) {
    for (std::size_t j = 0; j < columns; ++j) {
      for (std::size_t k = 0; k < inner; ++k) values.push_back(static_cast<std::int8_t>(value(k, j)));
    }
  }

  [[nodiscard]] int at(std::size_t k, std::size_t j) const { return values[j * inner + k]; }
};

inline Weights random_weights(std::size_t inner, std::size_t columns, unsigned seed) {
  std::mt19937 source(seed);
  std::uniform_int_distribution<int> any(-127, 127);
  return {inner, columns, [&](auto, auto) { return any(source); }};
}

struct Product {
  std::vector<float> scale;  ///< one a column
  std::vector<float> bias;

  explicit Product(std::size_t columns) : scale(columns, 1.0F), bias(columns) {}

  /// Rows [first, first + rows) of x, quantised, times the weights.
  void operator()(const KernelTable& table, const Matrix& x, const Weights& weights, Matrix& c,
                  Store store = Store::set, std::size_t first = 0, std::size_t rows = SIZE_MAX) const {
    rows = std::min(rows, x.rows() - first);
    const std::size_t words = words_per_row(table, weights.inner);
    std::vector<std::int32_t> quantised(rows * words, -1);
    std::vector<float> row_scale(rows);
    std::vector<std::int32_t> zero(rows);
    const QuantisedRows a{.words = quantised.data(), .scale = row_scale.data(), .zero = zero.data()};
    table.quantise(x.row(first), x.stride(), rows, weights.inner, a);
    std::vector<std::int32_t> packed(packed_words(table, weights.inner, weights.columns), -1);
    std::vector<std::int32_t> sums(weights.columns);
    table.pack_int8(weights.values.data(), weights.inner, weights.columns, packed.data(), sums.data());
    table.matmul_int8({.a = a,
                       .b = {.words = packed.data(), .sums = sums.data(), .scale = scale.data()},
                       .bias = bias.data(),
                       .c = c.row(first),
                       .c_stride = c.stride(),
                       .rows = rows,
                       .columns = weights.columns,
                       .inner = weights.inner},
                      store);
  }
};

}  // namespace kernel_test
