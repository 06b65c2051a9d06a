#pragma once

#include "kernels/dot.hpp"
#include "kernels/kernels.hpp"
#include "kernels/matmul.hpp"
#include "kernels/quantise.hpp"
#include "kernels/simd.hpp"

namespace nystrom::kernels {

template <class A>
void pack_int8(const std::int8_t* source, std::size_t inner, std::size_t columns, std::int32_t* words,
               std::int32_t* sums) noexcept {
  using Unsigned = std::make_unsigned_t<Element<A>>;
  const std::size_t row = words_of<A>(inner);
  const std::size_t padded = (columns + panel_width<A> - 1) / panel_width<A> * panel_width<A>;
  for (std::size_t j = 0; j < padded; ++j) {
    const std::int8_t* column = source + j * inner;
    std::int32_t* target = words + j / panel_width<A> * row * panel_width<A> + j % panel_width<A>;
    std::int32_t sum = 0;
    for (std::size_t word = 0; word < row; ++word, target += panel_width<A>) {
      const std::size_t first = word / lanes<A> * word_batch<A> + word % lanes<A>;
      std::uint32_t bits = 0;
      for (std::size_t t = 0; t < word_size<A>; ++t) {
        const std::size_t k = first + t * lanes<A>;
        const std::int8_t value = j < columns && k < inner ? column[k] : std::int8_t{0};
        sum += value;
        bits |= std::uint32_t{static_cast<Unsigned>(static_cast<Element<A>>(value))} << (t * 32 / word_size<A>);
      }
      *target = static_cast<std::int32_t>(bits);
    }
    if (j < columns) sums[j] = sum;
  }
}

/// One panel's worth of columns of a few rows.
struct Int8Tile {
  const std::int32_t* a;
  std::size_t words;  ///< of a row
  const float* row_scale;
  const std::int32_t* zero;
  const std::int32_t* panel;
  const std::int32_t* sums;
  const float* column_scale;
  const float* bias;
  float* c;
  std::size_t c_stride;
};

template <class A>
constexpr std::size_t columns_of(Whole<A> /*columns*/) noexcept {
  return panel_width<A>;
}

template <class A>
constexpr std::size_t columns_of(std::size_t columns) noexcept {
  return columns;
}

template <class A>
XSIMD_INLINE Integers<A> load_integers(const std::int32_t* from, Whole<A> /*count*/) noexcept {
  return Integers<A>::load_unaligned(from);
}

template <class A>
XSIMD_INLINE Integers<A> load_integers(const std::int32_t* from, std::size_t count) noexcept {
  alignas(64) std::int32_t values[lanes<A>];
  for (std::size_t i = 0; i < lanes<A>; ++i) values[i] = i < count ? from[i] : 0;
  return Integers<A>::load_aligned(values);
}

/// Which of a panel's columns there are, for either of its two batches.
template <class A>
XSIMD_INLINE Whole<A> count_of(Whole<A> columns, std::size_t /*half*/) noexcept {
  return columns;
}

template <class A>
XSIMD_INLINE std::size_t count_of(std::size_t columns, std::size_t half) noexcept {
  const std::size_t first = half * lanes<A>;
  const std::size_t left = columns > first ? columns - first : 0;
  return left < lanes<A> ? left : lanes<A>;
}

/// c = scale of the row · scale of the column · (sums of products − zero · sum of the column) + bias.
template <class A, std::size_t Rows, class Count>
[[gnu::noinline]] void multiply_int8(const Int8Tile& tile, Count columns) noexcept {
  using Dot = WordDot<A>;
  const std::int32_t* a = tile.a;
  const std::int32_t* panel = tile.panel;
  const std::size_t stride = tile.words;
  Integers<A> sum[Rows][2];
  unrolled<Rows>([&](auto i) NYSTROM_INLINED { sum[i][0] = sum[i][1] = Integers<A>(0); });
  for (std::size_t k = stride; k > 0; --k, ++a, panel += panel_width<A>) {
    const Integers<A> left = Integers<A>::load_unaligned(panel);
    const Integers<A> right = Integers<A>::load_unaligned(panel + lanes<A>);
    unrolled<Rows>([&](auto i) NYSTROM_INLINED {
      const Integers<A> value(a[i * stride]);
      sum[i][0] = Dot::add(sum[i][0], left, value);
      sum[i][1] = Dot::add(sum[i][1], right, value);
    });
  }
  unrolled<2>([&](auto half) NYSTROM_INLINED {
    const auto count = count_of<A>(columns, half);
    const std::size_t j = half * lanes<A>;
    const Integers<A> sums = load_integers<A>(tile.sums + j, count);
    const Floats<A> scale = load<A>(tile.column_scale + j, count);
    const Floats<A> bias = load<A>(tile.bias + j, count);
    unrolled<Rows>([&](auto i) NYSTROM_INLINED {
      const Integers<A> product = sum[i][half] - sums * tile.zero[i];
      const Floats<A> x = madd(xsimd::to_float(product), scale * tile.row_scale[i], bias);
      store<A>(tile.c + i * tile.c_stride + j, x, count);
    });
  });
}

template <class A, std::size_t MaxRows, class Count>
void multiply_int8(const Int8Tile& tile, std::size_t rows, Count columns) noexcept {
  if constexpr (MaxRows > 1) {
    if (rows < MaxRows) return multiply_int8<A, MaxRows - 1>(tile, rows, columns);
  }
  multiply_int8<A, MaxRows>(tile, columns);
}

/// All rows against one panel.
template <class A, std::size_t MaxRows, class Count>
void multiply_int8_panel(const Int8MatMul& p, Store store, std::size_t column, Count columns) noexcept {
  const std::size_t words = words_of<A>(p.inner);
  Int8Tile tile{.a = p.a.words,
                .words = words,
                .row_scale = p.a.scale,
                .zero = p.a.zero,
                .panel = p.b.words + column * words,
                .sums = p.b.sums + column,
                .column_scale = p.b.scale + column,
                .bias = p.bias + column,
                .c = p.c + column,
                .c_stride = p.c_stride};
  std::size_t tiles = (p.rows + MaxRows - 1) / MaxRows;
  for (std::size_t i = 0; i < p.rows; --tiles) {
    const std::size_t rows = (p.rows - i + tiles - 1) / tiles;
    multiply_int8<A, MaxRows>(tile, rows, columns);
    if (store != Store::set) activate<A>(tile.c, p.c_stride, rows, columns_of<A>(columns), store);
    tile.a += rows * words;
    tile.row_scale += rows;
    tile.zero += rows;
    tile.c += rows * p.c_stride;
    i += rows;
  }
}

template <class A, std::size_t MaxRows>
void matmul_int8(const Int8MatMul& p, Store store) noexcept {
  std::size_t column = 0;
  for (; column + panel_width<A> <= p.columns; column += panel_width<A>) {
    multiply_int8_panel<A, MaxRows>(p, store, column, Whole<A>{});
  }
  if (column < p.columns) multiply_int8_panel<A, MaxRows>(p, store, column, p.columns - column);
}

}  // namespace nystrom::kernels
