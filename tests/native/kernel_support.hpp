#pragma once

// What the kernel tests share: matrices that notice a step over their edges, and float64 truth to compare with.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kernels/select.hpp"

namespace kernel_test {

using nystrom::kernels::KernelTable;
using nystrom::kernels::Store;

/// Where the address sanitizer watches, the allocation ends with the matrix; elsewhere a guard follows it.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr std::size_t guard = 0;
#else
inline constexpr std::size_t guard = 40;
#endif

/// Row-major, one float off any alignment, its rows `gap` floats apart. Gaps and guards are NaN: who reads them
/// computes NaN, who writes them is found by intact().
class Matrix {
 public:
  Matrix(std::size_t rows, std::size_t columns, std::size_t gap = 3)
      : rows_(rows),
        columns_(columns),
        stride_(columns + gap),
        values_(1 + (rows == 0 ? 0 : (rows - 1) * stride_ + columns) + guard, std::numeric_limits<float>::quiet_NaN()) {
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t stride() const { return stride_; }
  float* data() { return values_.data() + 1; }
  [[nodiscard]] const float* data() const { return values_.data() + 1; }
  float* row(std::size_t i) { return data() + i * stride_; }
  [[nodiscard]] const float* row(std::size_t i) const { return data() + i * stride_; }
  float& at(std::size_t i, std::size_t j) { return row(i)[j]; }
  [[nodiscard]] float at(std::size_t i, std::size_t j) const { return row(i)[j]; }

  Matrix& fill(const std::function<float(std::size_t, std::size_t)>& value) {
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t j = 0; j < columns_; ++j) at(i, j) = value(i, j);
    }
    return *this;
  }

  Matrix& fill(float value) {
    return fill([=](std::size_t, std::size_t) { return value; });
  }

  /// Normal numbers.
  Matrix& randomize(unsigned seed, float deviation = 1, float mean = 0) {
    std::mt19937 source(seed);
    std::normal_distribution<float> normal(mean, deviation);
    return fill([&](std::size_t, std::size_t) { return normal(source); });
  }

  /// Nothing but the matrix's own entries was written.
  [[nodiscard]] bool intact() const {
    if (!std::isnan(values_.front())) return false;
    for (std::size_t i = 0; i + 1 < values_.size(); ++i) {
      const bool entry = i / stride_ < rows_ && i % stride_ < columns_;
      if (!entry && !std::isnan(data()[i])) return false;
    }
    return true;
  }

  [[nodiscard]] bool finite() const {
    bool result = true;
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t j = 0; j < columns_; ++j) result = result && std::isfinite(at(i, j));
    }
    return result;
  }

 private:
  std::size_t rows_;
  std::size_t columns_;
  std::size_t stride_;
  std::vector<float> values_;
};

inline bool bit_equal(const Matrix& x, const Matrix& y) {
  for (std::size_t i = 0; i < x.rows(); ++i) {
    if (std::memcmp(x.row(i), y.row(i), x.columns() * sizeof(float)) != 0) return false;
  }
  return true;
}

/// The largest |actual − expected| / tolerance; NaN counts as infinity.
class Worst {
 public:
  void see(double actual, double expected, double tolerance) {
    const double ratio = std::abs(actual - expected) / tolerance;
    ratio_ = ratio <= ratio_ ? ratio_ : std::isnan(ratio) ? std::numeric_limits<double>::infinity() : ratio;
  }
  [[nodiscard]] double ratio() const { return ratio_; }

 private:
  double ratio_ = 0;
};

/// Calls test(table) for every table that runs here, with its name in the messages.
template <class Test>
void for_each_table(Test test) {
  for (const KernelTable* table : nystrom::kernels::available()) {
    const std::string kernels = table->name;
    CAPTURE(kernels);
    test(*table);
  }
}

/// What a matrix product leaves where `before` stood, in float64.
inline double true_store(double x, double before, Store store) {
  switch (store) {
    case Store::set: return x;
    case Store::accumulate: return before + x;
    case Store::gelu: return 0.5 * x * std::erfc(-x / std::sqrt(2.0));
    case Store::gelu_tanh: return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  }
  return 0;
}

/// softmax(scale·row) in float64.
inline std::vector<double> true_softmax(const float* row, std::size_t columns, double scale) {
  std::vector<double> result(row, row + columns);
  const double max = *std::max_element(row, row + columns) * scale;
  double sum = 0;
  for (double& x : result) sum += x = std::exp(x * scale - max);
  for (double& x : result) x /= sum;
  return result;
}

}  // namespace kernel_test
