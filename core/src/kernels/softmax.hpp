#pragma once

#include "kernels/exp.hpp"
#include "kernels/kernels.hpp"
#include "kernels/simd.hpp"

namespace nystrom::kernels {

inline constexpr std::size_t softmax_block = 512;

template <class A>
XSIMD_INLINE float exp_of(float x) noexcept {
  return exp<A>(Floats<A>(x)).get(0);
}

template <class A>
[[gnu::noinline]] float largest(const float* x, std::size_t size) noexcept {
  Floats<A> result(x[0]);
  for_each_batch<A>(size, [&](std::size_t j, auto count) { result = xsimd::max(result, load<A>(x + j, count, x[0])); });
  return xsimd::reduce_max(result);
}

/// x = exp(scale·(x − shift)), and the sum of that. A lane that is not there counts exp(−infinity) = 0.
/// Subtracting first is exact near the maximum, where it matters; scores of 1e4 would lose 4 digits otherwise.
template <class A>
[[gnu::noinline]] float exponentiate(float* x, std::size_t size, float scale, float shift) noexcept {
  constexpr float infinity = __builtin_inff();
  return sum_of<A>(size, [&](std::size_t j, auto count) NYSTROM_INLINED {
    const Floats<A> y = exp<A>((load<A>(x + j, count, -infinity) - shift) * scale);
    store<A>(x + j, y, count);
    return y;
  });
}

/// The same for a row of any length: the blocks' sums are added so that the error does not grow with their number
/// (Kahan 1965).
template <class A>
float exponentiate_row(float* x, std::size_t columns, float scale, float shift) noexcept {
  float sum = 0;
  float lost = 0;
  for (std::size_t j = 0; j < columns; j += softmax_block) {
    const std::size_t left = columns - j;
    const float corrected = exponentiate<A>(x + j, left < softmax_block ? left : softmax_block, scale, shift) - lost;
    const float next = sum + corrected;
    lost = (next - sum) - corrected;
    sum = next;
  }
  return sum;
}

template <class A>
void scale_row(float* x, std::size_t columns, float factor) noexcept {
  for_each_batch<A>(columns,
                    [&](std::size_t j, auto count) { store<A>(x + j, load<A>(x + j, count) * factor, count); });
}

template <class A>
void softmax(float* x, std::size_t stride, std::size_t rows, std::size_t columns, float scale) noexcept {
  for (; rows > 0; --rows, x += stride) {
    const float sum = exponentiate_row<A>(x, columns, scale, largest<A>(x, columns));
    scale_row<A>(x, columns, 1.0F / sum);
  }
}

template <class A>
void online_softmax(float* scores, std::size_t stride, std::size_t rows, std::size_t columns, float scale,
                    const OnlineSoftmax& state) noexcept {
  for (std::size_t i = 0; i < rows; ++i, scores += stride) {
    const float before = state.max[i];
    const float here = largest<A>(scores, columns);
    const float max = here > before ? here : before;
    const float rescale = exp_of<A>((before - max) * scale);
    state.sum[i] = state.sum[i] * rescale + exponentiate_row<A>(scores, columns, scale, max);
    state.max[i] = max;
    state.rescale[i] = rescale;
  }
}

template <class A>
void scale_rows(float* x, std::size_t stride, std::size_t rows, std::size_t columns, const float* factor) noexcept {
  for (std::size_t i = 0; i < rows; ++i, x += stride) scale_row<A>(x, columns, factor[i]);
}

}  // namespace nystrom::kernels
