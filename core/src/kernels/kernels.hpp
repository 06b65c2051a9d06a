#pragma once

// The table of hot loops, one per instruction set. No Eigen, no std containers: the kernels_<arch>.cpp files are
// compiled with newer instructions than the rest of the library and must not emit shared inline functions.
//
// All matrices are row-major float32; a stride is the distance between rows in floats. Pointers need no alignment.
// Every output row depends on its own input row alone and is summed in an order that does not depend on how many rows
// are passed: a row's result is bit-equal whatever stands beside it.

#include <cstddef>

namespace nystrom::kernels {

/// What matmul does with the product and the bias.
enum class Store {
  set,         ///< c = a·b + bias
  accumulate,  ///< c += a·b + bias
  gelu,        ///< c = gelu(a·b + bias), the exact erf form
  gelu_tanh,   ///< c = gelu_new(a·b + bias), Hugging Face's tanh form
};

struct MatMul {
  const float* a;  ///< rows × inner
  std::size_t a_stride;
  const float* packed;          ///< inner × columns, written by KernelTable::pack
  const float* bias = nullptr;  ///< columns, or null
  float* c;                     ///< rows × columns
  std::size_t c_stride;
  std::size_t rows;
  std::size_t columns;
  std::size_t inner;
};

/// State of a softmax over columns that arrive in blocks, one entry a row. Start: max −infinity, sum 0.
struct OnlineSoftmax {
  float* max;  ///< of the scores so far, before they are scaled
  float* sum;
  float* rescale;  ///< out: exp(scale · (old max − new max)), by which what was accumulated so far must be multiplied
};

struct Convolution {
  const float* values;  ///< the whole text's V: tokens × (heads · head_size)
  std::size_t values_stride;
  std::size_t tokens;
  std::size_t first;  ///< first output row, within the text
  std::size_t rows;   ///< output rows
  std::size_t heads;
  std::size_t head_size;
  const float* filter;  ///< heads × width
  std::size_t width;    ///< odd
  float* out;           ///< rows × (heads · head_size), overwritten
  std::size_t out_stride;
};

struct KernelTable {
  const char* name;         ///< "scalar", "sse4_1", "avx2", "avx512", "neon64", "simd128", "relaxed"
  std::size_t panel_width;  ///< columns a packed panel holds

  /// Packs the inner × columns matrix b[k][j] = source[k·row_stride + j·column_stride] into panels of panel_width
  /// columns, the last one filled up with zeros: ceil(columns / panel_width) · panel_width · inner floats.
  void (*pack)(const float* source, std::size_t row_stride, std::size_t column_stride, std::size_t inner,
               std::size_t columns, float* packed) noexcept;

  /// inner >= 1.
  void (*matmul)(const MatMul& product, Store store) noexcept;

  /// Each row becomes softmax(scale · row), in place. columns >= 1, scale > 0. Sums stay exact at any length.
  void (*softmax)(float* x, std::size_t stride, std::size_t rows, std::size_t columns, float scale) noexcept;

  /// Each row of scores becomes exp(scale · (row − new max)), in place, and the state is brought forward. columns >= 1;
  /// scale > 0, the same for every block of a state.
  void (*online_softmax)(float* scores, std::size_t stride, std::size_t rows, std::size_t columns, float scale,
                         const OnlineSoftmax& state) noexcept;

  /// Row i is multiplied by factor[i].
  void (*scale_rows)(float* x, std::size_t stride, std::size_t rows, std::size_t columns, const float* factor) noexcept;

  /// x = LayerNorm(x + residual)·gamma + beta over each row, in place; residual may be null.
  void (*layer_norm)(float* x, std::size_t stride, const float* residual, std::size_t residual_stride, std::size_t rows,
                     std::size_t columns, const float* gamma, const float* beta, float epsilon) noexcept;

  /// out (segments × columns): means of x's rows over even segments: with s = floor(rows/segments) the first
  /// (s+1)·segments − rows of them have s rows, the rest s+1. 1 <= segments <= rows. Sums are taken in blocks, so that
  /// the error does not grow with the length.
  void (*segment_means)(const float* x, std::size_t stride, std::size_t rows, std::size_t columns, std::size_t segments,
                        float* out, std::size_t out_stride) noexcept;

  /// out[i] = Σ_t filter[head][t] · values[first + i + t − width/2], zero outside the text.
  void (*convolve)(const Convolution& convolution) noexcept;

  /// z ≈ pseudo-inverse of a (m × m, contiguous) by `iterations` steps Z ← ¼ Z(13I − AZ(15I − AZ(7I − AZ))) from
  /// Z = Aᵀ/(‖A‖₁‖A‖∞) (Xiong et al. 2021, equations 13 and 14). `workspace` holds pseudo_inverse_workspace floats.
  /// `residuals`, unless null, gets iterations + 1 values ‖A·Z·A − A‖ (Frobenius), the start's first.
  void (*pseudo_inverse)(const float* a, std::size_t m, std::size_t iterations, float* z, float* workspace,
                         float* residuals) noexcept;
};

/// Floats that a packed matrix takes.
[[nodiscard]] constexpr std::size_t packed_size(const KernelTable& table, std::size_t inner,
                                                std::size_t columns) noexcept {
  return (columns + table.panel_width - 1) / table.panel_width * table.panel_width * inner;
}

/// Floats that pseudo_inverse needs as workspace: three matrices and a packed one.
[[nodiscard]] constexpr std::size_t pseudo_inverse_workspace(const KernelTable& table, std::size_t m) noexcept {
  return 3 * m * m + packed_size(table, m, m);
}

}  // namespace nystrom::kernels
