#pragma once

#include "kernels/simd.hpp"

namespace nystrom::kernels {

/// out = sum of x's rows, or added to what is there.
template <class A>
[[gnu::noinline]] void sum_rows(const float* x, std::size_t stride, std::size_t rows, std::size_t columns, bool add,
                                float* out) noexcept {
  for_each_batch<A>(columns, [&](std::size_t j, auto count) {
    Floats<A> sum(0.0F);
    for (std::size_t i = 0; i < rows; ++i) sum += load<A>(x + i * stride + j, count);
    store<A>(out + j, add ? load<A>(out + j, count) + sum : sum, count);
  });
}

template <class A>
void mean_of_rows(const float* x, std::size_t stride, std::size_t rows, std::size_t columns, float* out) noexcept {
  constexpr std::size_t block = 64;
  for (std::size_t i = 0; i < rows; i += block) {
    sum_rows<A>(x + i * stride, stride, rows - i < block ? rows - i : block, columns, i > 0, out);
  }
  const Floats<A> divisor(static_cast<float>(rows));
  for_each_batch<A>(columns,
                    [&](std::size_t j, auto count) { store<A>(out + j, load<A>(out + j, count) / divisor, count); });
}

template <class A>
void segment_means(const float* x, std::size_t stride, std::size_t rows, std::size_t columns, std::size_t segments,
                   float* out, std::size_t out_stride) noexcept {
  const std::size_t shorter = rows / segments;
  const std::size_t shorter_segments = (shorter + 1) * segments - rows;
  for (std::size_t segment = 0; segment < segments; ++segment, out += out_stride) {
    const std::size_t length = segment < shorter_segments ? shorter : shorter + 1;
    mean_of_rows<A>(x, stride, length, columns, out);
    x += length * stride;
  }
}

}  // namespace nystrom::kernels
