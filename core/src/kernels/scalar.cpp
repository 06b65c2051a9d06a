// The plain twin of every kernel: loops as the formulas say them, sums in float64. The other tables are tested against
// this one, and it runs where no vector kernel does.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "kernels/kernels.hpp"
#include "kernels/tables.hpp"

namespace nystrom::kernels {
namespace {

constexpr std::size_t panel_width = 8;

void pack(const float* source, std::size_t row_stride, std::size_t column_stride, std::size_t inner,
          std::size_t columns, float* packed) noexcept {
  for (std::size_t panel = 0; panel < columns; panel += panel_width) {
    for (std::size_t k = 0; k < inner; ++k) {
      for (std::size_t j = panel; j < panel + panel_width; ++j) {
        *packed++ = j < columns ? source[k * row_stride + j * column_stride] : 0.0F;
      }
    }
  }
}

float stored(double x, float before, Store store) noexcept {
  switch (store) {
    case Store::set: break;
    case Store::accumulate: x += before; break;
    case Store::gelu: x = x / 2 * std::erfc(-x / std::sqrt(2.0)); break;
    case Store::gelu_tanh: x = x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); break;
  }
  return static_cast<float>(x);
}

void matmul(const MatMul& p, Store store) noexcept {
  for (std::size_t i = 0; i < p.rows; ++i) {
    for (std::size_t panel = 0; panel < p.columns; panel += panel_width) {
      double sum[panel_width] = {};
      const float* packed = p.packed + panel * p.inner;
      for (std::size_t k = 0; k < p.inner; ++k) {
        const double value = p.a[i * p.a_stride + k];
        for (std::size_t j = 0; j < panel_width; ++j) sum[j] += value * packed[k * panel_width + j];
      }
      for (std::size_t j = panel; j < std::min(panel + panel_width, p.columns); ++j) {
        float& c = p.c[i * p.c_stride + j];
        c = stored(sum[j - panel] + (p.bias ? p.bias[j] : 0.0F), c, store);
      }
    }
  }
}

/// Four integers a word, one after the other.
constexpr std::size_t word_size = 4;

std::size_t words_of(std::size_t inner) noexcept { return (inner + word_size - 1) / word_size; }

void put(std::int32_t* words, std::size_t k, std::int32_t value) noexcept {
  auto* bytes = reinterpret_cast<std::int8_t*>(words);
  bytes[k] = static_cast<std::int8_t>(value);
}

std::int32_t get(const std::int32_t* words, std::size_t k) noexcept {
  return reinterpret_cast<const std::int8_t*>(words)[k];
}

void pack_int8(const std::int8_t* source, std::size_t inner, std::size_t columns, std::int32_t* words,
               std::int32_t* sums) noexcept {
  const std::size_t panels = (columns + panel_width - 1) / panel_width;
  std::fill_n(words, panels * panel_width * words_of(inner), 0);
  for (std::size_t j = 0; j < columns; ++j) {
    const std::int8_t* column = source + j * inner;
    sums[j] = 0;
    for (std::size_t k = 0; k < inner; ++k) {
      sums[j] += column[k];
      const std::size_t word = (j / panel_width * words_of(inner) + k / word_size) * panel_width + j % panel_width;
      put(words + word, k % word_size, column[k]);
    }
  }
}

void quantise(const float* x, std::size_t stride, std::size_t rows, std::size_t columns,
              const QuantisedRows& out) noexcept {
  for (std::size_t i = 0; i < rows; ++i, x += stride) {
    const double min = std::min(0.0F, *std::min_element(x, x + columns));
    const double max = std::max(0.0F, *std::max_element(x, x + columns));
    const double not_finite = std::accumulate(x, x + columns, 0.0, [](double sum, float v) { return sum + (v - v); });
    const double scale = (max - min) / 127;
    std::int32_t* words = out.words + i * words_of(columns);
    std::fill_n(words, words_of(columns), 0);
    out.scale[i] = static_cast<float>(scale + not_finite);
    out.zero[i] = 0;
    if (!std::isfinite(out.scale[i]) || scale == 0) continue;
    const double inverse = 1 / scale;
    out.zero[i] = static_cast<std::int32_t>(std::nearbyint(-min * inverse));
    for (std::size_t k = 0; k < columns; ++k) {
      put(words, k, std::clamp(static_cast<std::int32_t>(std::nearbyint(x[k] * inverse)) + out.zero[i], 0, 127));
    }
  }
}

std::int32_t dot(const std::int32_t* a, const std::int32_t* packed, std::size_t inner) noexcept {
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < inner; ++k) {
    sum += get(a, k) * get(packed + k / word_size * panel_width, k % word_size);
  }
  return sum;
}

void matmul_int8(const Int8MatMul& p, Store store) noexcept {
  const std::size_t words = words_of(p.inner);
  for (std::size_t i = 0; i < p.rows; ++i) {
    for (std::size_t j = 0; j < p.columns; ++j) {
      const std::int32_t* column = p.b.words + j / panel_width * panel_width * words + j % panel_width;
      const std::int32_t sum = dot(p.a.words + i * words, column, p.inner) - p.a.zero[i] * p.b.sums[j];
      p.c[i * p.c_stride + j] = stored(double{p.a.scale[i]} * p.b.scale[j] * sum + p.bias[j], 0, store);
    }
  }
}

/// Each value becomes exp(scale·(value − shift)); returns their sum.
double exponentiate(float* row, std::size_t columns, float scale, float shift) noexcept {
  double sum = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    row[j] = static_cast<float>(std::exp((double{row[j]} - shift) * scale));
    sum += row[j];
  }
  return sum;
}

void softmax(float* x, std::size_t stride, std::size_t rows, std::size_t columns, float scale) noexcept {
  for (std::size_t i = 0; i < rows; ++i) {
    float* row = x + i * stride;
    const double sum = exponentiate(row, columns, scale, *std::max_element(row, row + columns));
    for (std::size_t j = 0; j < columns; ++j) row[j] = static_cast<float>(row[j] / sum);
  }
}

void online_softmax(float* scores, std::size_t stride, std::size_t rows, std::size_t columns, float scale,
                    const OnlineSoftmax& state) noexcept {
  for (std::size_t i = 0; i < rows; ++i) {
    float* row = scores + i * stride;
    const float max = std::max(state.max[i], *std::max_element(row, row + columns));
    const double rescale = std::exp((double{state.max[i]} - max) * scale);
    state.sum[i] = static_cast<float>(state.sum[i] * rescale + exponentiate(row, columns, scale, max));
    state.max[i] = max;
    state.rescale[i] = static_cast<float>(rescale);
  }
}

void scale_rows(float* x, std::size_t stride, std::size_t rows, std::size_t columns, const float* factor) noexcept {
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) x[i * stride + j] *= factor[i];
  }
}

void layer_norm(float* x, std::size_t stride, const float* residual, std::size_t residual_stride, std::size_t rows,
                std::size_t columns, const float* gamma, const float* beta, float epsilon) noexcept {
  for (std::size_t i = 0; i < rows; ++i) {
    float* row = x + i * stride;
    double sum = 0;
    for (std::size_t j = 0; j < columns; ++j) {
      if (residual) row[j] += residual[i * residual_stride + j];
      sum += row[j];
    }
    const double mean = sum / static_cast<double>(columns);
    double squares = 0;
    for (std::size_t j = 0; j < columns; ++j) squares += (row[j] - mean) * (row[j] - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(columns) + epsilon);
    for (std::size_t j = 0; j < columns; ++j) {
      row[j] = static_cast<float>((row[j] - mean) / deviation * gamma[j] + beta[j]);
    }
  }
}

void segment_means(const float* x, std::size_t stride, std::size_t rows, std::size_t columns, std::size_t segments,
                   float* out, std::size_t out_stride) noexcept {
  const std::size_t shorter = rows / segments;
  const std::size_t shorter_segments = (shorter + 1) * segments - rows;
  std::size_t start = 0;
  for (std::size_t segment = 0; segment < segments; ++segment) {
    const std::size_t end = start + (segment < shorter_segments ? shorter : shorter + 1);
    for (std::size_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (std::size_t i = start; i < end; ++i) sum += x[i * stride + j];
      out[segment * out_stride + j] = static_cast<float>(sum / static_cast<double>(end - start));
    }
    start = end;
  }
}

void convolve(const Convolution& c) noexcept {
  const std::size_t half = c.width / 2;
  for (std::size_t row = 0; row < c.rows; ++row) {
    for (std::size_t channel = 0; channel < c.heads * c.head_size; ++channel) {
      const float* filter = c.filter + channel / c.head_size * c.width;
      double sum = 0;
      for (std::size_t t = 0; t < c.width; ++t) {
        const std::size_t token = c.first + row + t;  // half further on, so that it can't be negative
        if (token < half || token - half >= c.tokens) continue;
        sum += double{filter[t]} * c.values[(token - half) * c.values_stride + channel];
      }
      c.out[row * c.out_stride + channel] = static_cast<float>(sum);
    }
  }
}

void multiply(const float* left, const float* right, std::size_t m, float* product) noexcept {
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < m; ++k) sum += double{left[i * m + k]} * right[k * m + j];
      product[i * m + j] = static_cast<float>(sum);
    }
  }
}

/// x = diagonal·I − x
void subtract_from_diagonal(float* x, std::size_t m, float diagonal) noexcept {
  for (std::size_t i = 0; i < m * m; ++i) x[i] = (i % (m + 1) == 0 ? diagonal : 0.0F) - x[i];
}

double norm_product(const float* a, std::size_t m) noexcept {
  double row_norm = 0;
  double column_norm = 0;
  for (std::size_t i = 0; i < m; ++i) {
    double row = 0;
    double column = 0;
    for (std::size_t j = 0; j < m; ++j) {
      row += std::abs(a[i * m + j]);
      column += std::abs(a[j * m + i]);
    }
    row_norm = std::max(row_norm, row);
    column_norm = std::max(column_norm, column);
  }
  return row_norm * column_norm;
}

void improve_inverse(std::size_t m, float* az, float* z, float* s, float* t) noexcept {
  std::copy_n(az, m * m, s);
  subtract_from_diagonal(s, m, 7);
  multiply(az, s, m, t);
  subtract_from_diagonal(t, m, 15);
  multiply(az, t, m, s);
  subtract_from_diagonal(s, m, 13);
  multiply(z, s, m, t);
  for (std::size_t i = 0; i < m * m; ++i) z[i] = t[i] / 4;
}

void pseudo_inverse(const PseudoInverse& p) noexcept {
  const std::size_t m = p.m;
  const std::size_t size = m * m;
  float* const az = p.workspace;
  float* const s = az + size;
  float* const t = s + size;
  for (std::size_t step = p.first; step <= p.last; ++step) {
    if (step == 0) {
      const double scale = norm_product(p.a, m);
      for (std::size_t i = 0; i < size; ++i) p.z[i] = static_cast<float>(p.a[i % m * m + i / m] / scale);
    } else {
      multiply(p.a, p.z, m, az);
      improve_inverse(m, az, p.z, s, t);
    }
    if (!p.residuals) continue;
    multiply(p.a, p.z, m, az);
    multiply(az, p.a, m, s);
    double squares = 0;
    for (std::size_t i = 0; i < size; ++i) squares += (double{s[i]} - p.a[i]) * (double{s[i]} - p.a[i]);
    p.residuals[step] = static_cast<float>(std::sqrt(squares));
  }
}

}  // namespace

const KernelTable scalar_table = {.name = "scalar",
                                  .panel_width = panel_width,
                                  .lanes = 1,
                                  .word_size = word_size,
                                  .pack = pack,
                                  .matmul = matmul,
                                  .pack_int8 = pack_int8,
                                  .quantise = quantise,
                                  .matmul_int8 = matmul_int8,
                                  .softmax = softmax,
                                  .online_softmax = online_softmax,
                                  .scale_rows = scale_rows,
                                  .layer_norm = layer_norm,
                                  .segment_means = segment_means,
                                  .convolve = convolve,
                                  .pseudo_inverse = pseudo_inverse};

}  // namespace nystrom::kernels
