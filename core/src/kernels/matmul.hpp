#pragma once

#include "kernels/gelu.hpp"
#include "kernels/kernels.hpp"
#include "kernels/simd.hpp"

namespace nystrom::kernels {

/// Two batches wide: each value of `a` that a tile broadcasts is used twice, each batch of the panel once a row.
template <class A>
inline constexpr std::size_t panel_width = 2 * lanes<A>;

/// Rows of a panel that stay in the first-level cache while all of a's rows pass: 16 kB of the widest panel. The same
/// on every architecture, because a block's products are summed before they are added to the others.
inline constexpr std::size_t depth_block = 128;

/// Packs `columns` <= panel_width columns value by value.
template <class A>
void pack_panel(const float* source, std::size_t row_stride, std::size_t column_stride, std::size_t inner,
                std::size_t columns, float* packed) noexcept {
  for (std::size_t k = 0; k < inner; ++k, packed += panel_width<A>) {
    for (std::size_t j = 0; j < panel_width<A>; ++j) {
      packed[j] = j < columns ? source[k * row_stride + j * column_stride] : 0.0F;
    }
  }
}

/// Packs panel_width columns whose values lie side by side row by row.
template <class A>
void pack_rows(const float* source, std::size_t row_stride, std::size_t inner, float* packed) noexcept {
  for (std::size_t k = 0; k < inner; ++k, source += row_stride, packed += panel_width<A>) {
    store<A>(packed, load<A>(source));
    store<A>(packed + lanes<A>, load<A>(source + lanes<A>));
  }
}

/// Packs panel_width columns each of which is contiguous.
template <class A>
void pack_columns(const float* source, std::size_t column_stride, std::size_t inner, float* packed) noexcept {
  std::size_t k = 0;
  for (; k + lanes<A> <= inner; k += lanes<A>) {
    for (std::size_t half = 0; half < panel_width<A>; half += lanes<A>) {
      Floats<A> square[lanes<A>];
      for (std::size_t j = 0; j < lanes<A>; ++j) square[j] = load<A>(source + (half + j) * column_stride + k);
      xsimd::transpose(square, square + lanes<A>);
      for (std::size_t i = 0; i < lanes<A>; ++i) store<A>(packed + (k + i) * panel_width<A> + half, square[i]);
    }
  }
  pack_panel<A>(source + k, 1, column_stride, inner - k, panel_width<A>, packed + k * panel_width<A>);
}

template <class A>
void pack(const float* source, std::size_t row_stride, std::size_t column_stride, std::size_t inner,
          std::size_t columns, float* packed) noexcept {
  for (std::size_t j = 0; j < columns; j += panel_width<A>) {
    const float* panel = source + j * column_stride;
    const std::size_t left = columns - j;
    if (left < panel_width<A>) {
      pack_panel<A>(panel, row_stride, column_stride, inner, left, packed);
    } else if (column_stride == 1) {
      pack_rows<A>(panel, row_stride, inner, packed);
    } else if (row_stride == 1) {
      pack_columns<A>(panel, column_stride, inner, packed);
    } else {
      pack_panel<A>(panel, row_stride, column_stride, inner, panel_width<A>, packed);
    }
    packed += inner * panel_width<A>;
  }
}

/// One panel's worth of columns of a few rows: c (+)= a·panel + bias.
struct Tile {
  const float* a;
  std::size_t a_stride;
  const float* panel;
  std::size_t depth;
  const float* bias;  ///< panel_width floats, or null
  float* c;
  std::size_t c_stride;
  bool add;
};

// Not inlined: V8 compiles a function anew only between calls, so a hot loop must be one that is called often.
template <class A, std::size_t Rows>
[[gnu::noinline]] void multiply_tile(const Tile& tile) noexcept {
  const float* a = tile.a;
  const float* panel = tile.panel;
  const std::size_t a_stride = tile.a_stride;
  Floats<A> sum[Rows][2];
  for (auto& row : sum) {
    row[0] = tile.bias ? load<A>(tile.bias) : Floats<A>(0.0F);
    row[1] = tile.bias ? load<A>(tile.bias + lanes<A>) : Floats<A>(0.0F);
  }
  for (std::size_t k = tile.depth; k > 0; --k, ++a, panel += panel_width<A>) {
    const Floats<A> left = load<A>(panel);
    const Floats<A> right = load<A>(panel + lanes<A>);
    for (std::size_t i = 0; i < Rows; ++i) {
      const Floats<A> value(a[i * a_stride]);
      sum[i][0] = madd(value, left, sum[i][0]);
      sum[i][1] = madd(value, right, sum[i][1]);
    }
  }
  float* c = tile.c;
  for (std::size_t i = 0; i < Rows; ++i, c += tile.c_stride) {
    store<A>(c, tile.add ? load<A>(c) + sum[i][0] : sum[i][0]);
    store<A>(c + lanes<A>, tile.add ? load<A>(c + lanes<A>) + sum[i][1] : sum[i][1]);
  }
}

template <class A, std::size_t MaxRows>
void multiply_tile(const Tile& tile, std::size_t rows) noexcept {
  if constexpr (MaxRows > 1) {
    if (rows < MaxRows) return multiply_tile<A, MaxRows - 1>(tile, rows);
  }
  multiply_tile<A, MaxRows>(tile);
}

/// A tile of the last panel, `columns` < panel_width: computed whole in a buffer of its own.
template <class A, std::size_t MaxRows>
void multiply_edge(Tile tile, std::size_t rows, std::size_t columns) noexcept {
  float c[MaxRows * panel_width<A>] = {};
  float bias[panel_width<A>] = {};
  float* const target = tile.c;
  for (std::size_t i = 0; tile.add && i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) c[i * panel_width<A> + j] = target[i * tile.c_stride + j];
  }
  for (std::size_t j = 0; tile.bias && j < columns; ++j) bias[j] = tile.bias[j];
  const std::size_t stride = tile.c_stride;
  tile.bias = bias;
  tile.c = c;
  tile.c_stride = panel_width<A>;
  multiply_tile<A, MaxRows>(tile, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) target[i * stride + j] = c[i * panel_width<A> + j];
  }
}

template <class A>
[[gnu::noinline]] void activate(float* c, std::size_t stride, std::size_t rows, std::size_t columns,
                                Store store_as) noexcept {
  for (; rows > 0; --rows, c += stride) {
    if (store_as == Store::gelu) {
      for_each_batch<A>(columns,
                        [&](std::size_t j, auto count) { store<A>(c + j, gelu<A>(load<A>(c + j, count)), count); });
    } else {
      for_each_batch<A>(
          columns, [&](std::size_t j, auto count) { store<A>(c + j, gelu_tanh<A>(load<A>(c + j, count)), count); });
    }
  }
}

/// All rows times one panel's slice from `k` on.
template <class A, std::size_t MaxRows>
void multiply_panel(const MatMul& p, Store store_as, std::size_t k, std::size_t depth, std::size_t column) noexcept {
  const bool last = k + depth == p.inner;
  const std::size_t left = p.columns - column;
  const std::size_t columns = left < panel_width<A> ? left : panel_width<A>;
  Tile tile{.a = p.a + k,
            .a_stride = p.a_stride,
            .panel = p.packed + column * p.inner + k * panel_width<A>,
            .depth = depth,
            .bias = p.bias && k == 0 ? p.bias + column : nullptr,
            .c = p.c + column,
            .c_stride = p.c_stride,
            .add = k > 0 || store_as == Store::accumulate};
  std::size_t tiles = (p.rows + MaxRows - 1) / MaxRows;
  for (std::size_t i = 0; i < p.rows; --tiles) {
    const std::size_t rows = (p.rows - i + tiles - 1) / tiles;
    if (columns < panel_width<A>) {
      multiply_edge<A, MaxRows>(tile, rows, columns);
    } else {
      multiply_tile<A, MaxRows>(tile, rows);
    }
    if (last && (store_as == Store::gelu || store_as == Store::gelu_tanh)) {
      activate<A>(tile.c, p.c_stride, rows, columns, store_as);
    }
    tile.a += rows * p.a_stride;
    tile.c += rows * p.c_stride;
    i += rows;
  }
}

/// `MaxRows` is as many rows as keep their sums in the architecture's registers.
template <class A, std::size_t MaxRows>
void matmul(const MatMul& p, Store store_as) noexcept {
  for (std::size_t k = 0; k < p.inner; k += depth_block) {
    const std::size_t left = p.inner - k;
    const std::size_t depth = left < depth_block ? left : depth_block;
    for (std::size_t column = 0; column < p.columns; column += panel_width<A>) {
      multiply_panel<A, MaxRows>(p, store_as, k, depth, column);
    }
  }
}

}  // namespace nystrom::kernels
