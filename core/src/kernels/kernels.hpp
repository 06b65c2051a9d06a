#pragma once

// The table of hot loops, one per instruction set. No Eigen, no std containers: the kernels_<arch>.cpp files are
// compiled with newer instructions than the rest of the library and must not emit shared inline functions.
//
// All matrices are row-major, float32 but where said; a stride is the distance between rows in elements. Pointers need
// no alignment. Every output row depends on its own input row alone and is summed in an order that does not depend on
// how many rows are passed: a row's result is bit-equal whatever stands beside it. It is so on every table, too, but
// for the plain twin's.

#include <cstddef>
#include <cstdint>

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

/// Rows of 7-bit integers, several in each 32-bit word: x[k] ~ scale · (q[k] − zero), q and zero in [0, 127].
struct QuantisedRows {
  std::int32_t* words;  ///< rows × words_per_row(inner)
  float* scale;         ///< one a row
  std::int32_t* zero;   ///< one a row
};

/// A matrix of int8 in [-127, 127], each column with its scale, packed by KernelTable::pack_int8.
struct Int8Matrix {
  const std::int32_t* words;
  const std::int32_t* sums;  ///< of each column's integers
  const float* scale;        ///< one a column
};

struct Int8MatMul {
  QuantisedRows a;  ///< rows × inner
  Int8Matrix b;     ///< inner × columns
  const float* bias;
  float* c;  ///< rows × columns
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

/// Steps first … last of the iteration Z ← ¼ Z(13I − AZ(15I − AZ(7I − AZ))) towards the pseudo-inverse of A (Xiong et
/// al. 2021, equations 13 and 14). Step 0 is its start, Z = Aᵀ/(‖A‖₁‖A‖∞).
struct PseudoInverse {
  const float* a;  ///< m × m, contiguous
  std::size_t m;
  std::size_t first = 0;
  std::size_t last;
  float* z;          ///< m × m: what step first − 1 left; then what step `last` leaves
  float* workspace;  ///< pseudo_inverse_workspace floats
  float* residuals;  ///< null, or gets at [i] what step i leaves of ‖A·Z·A − A‖ (Frobenius)
};

struct KernelTable {
  const char* name;         ///< "scalar", "sse4_1", "avx2", "avx512", "avx512vnni", "neon64", "simd128", "relaxed"
  std::size_t panel_width;  ///< columns a packed panel holds
  std::size_t lanes;        ///< words that are made together: words_per_row is a multiple of it
  std::size_t word_size;    ///< small integers in a 32-bit word: 4 or 2

  /// Packs the inner × columns matrix b[k][j] = source[k·row_stride + j·column_stride] into panels of panel_width
  /// columns, the last one filled up with zeros: ceil(columns / panel_width) · panel_width · inner floats.
  void (*pack)(const float* source, std::size_t row_stride, std::size_t column_stride, std::size_t inner,
               std::size_t columns, float* packed) noexcept;

  /// inner >= 1.
  void (*matmul)(const MatMul& product, Store store) noexcept;

  /// Packs a matrix given by its columns, columns × inner contiguous int8, into packed_words words, and sums them.
  void (*pack_int8)(const std::int8_t* source, std::size_t inner, std::size_t columns, std::int32_t* words,
                    std::int32_t* sums) noexcept;

  /// Each row of x to 7 bits: with the row's range widened to hold 0, scale = (max − min)/127 and
  /// q = rne(x/scale) + zero. A row that is not finite gets a scale that is not.
  void (*quantise)(const float* x, std::size_t stride, std::size_t rows, std::size_t columns,
                   const QuantisedRows& out) noexcept;

  /// c = a·b + bias, activated as `store` says (which is not `accumulate`). The integers' products are summed exactly,
  /// so every table gets the same sums. inner <= 100,000.
  void (*matmul_int8)(const Int8MatMul& product, Store store) noexcept;

  /// Each row becomes softmax(scale · row), in place. columns >= 1, scale > 0. The error does not grow with their
  /// number.
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

  void (*pseudo_inverse)(const PseudoInverse& steps) noexcept;
};

/// Floats that a packed matrix takes.
[[nodiscard]] constexpr std::size_t packed_size(const KernelTable& table, std::size_t inner,
                                                std::size_t columns) noexcept {
  return (columns + table.panel_width - 1) / table.panel_width * table.panel_width * inner;
}

/// Words of a row of small integers, the last ones filled up with zeros.
[[nodiscard]] constexpr std::size_t words_per_row(const KernelTable& table, std::size_t inner) noexcept {
  const std::size_t together = table.lanes * table.word_size;
  return (inner + together - 1) / together * table.lanes;
}

/// Words that a packed int8 matrix takes.
[[nodiscard]] constexpr std::size_t packed_words(const KernelTable& table, std::size_t inner,
                                                 std::size_t columns) noexcept {
  return packed_size(table, words_per_row(table, inner), columns);
}

/// Floats that pseudo_inverse needs as workspace: three matrices and a packed one.
[[nodiscard]] constexpr std::size_t pseudo_inverse_workspace(const KernelTable& table, std::size_t m) noexcept {
  return 3 * m * m + packed_size(table, m, m);
}

}  // namespace nystrom::kernels
