#pragma once

#include <bit>
#include <limits>

#include "kernels/dot.hpp"
#include "kernels/kernels.hpp"
#include "kernels/simd.hpp"

namespace nystrom::kernels {

template <class A>
using Element = typename WordDot<A>::Element;

/// Small integers in a word.
template <class A>
inline constexpr std::size_t word_size = sizeof(std::int32_t) / sizeof(Element<A>);

/// Values that one batch of words holds. Value t·lanes + i of them is integer t of word i: so a batch of words is put
/// together from whole batches of values, by shifts alone. Weights are packed in the same order.
template <class A>
inline constexpr std::size_t word_batch = word_size<A> * lanes<A>;

/// Words of a row of so many values, the last ones filled up with zeros.
template <class A>
constexpr std::size_t words_of(std::size_t values) noexcept {
  return (values + word_batch<A> - 1) / word_batch<A> * lanes<A>;
}

struct Range {
  float min;
  float max;
  float not_finite;  ///< 0, or NaN where a value or their sum is not finite
};

/// Smallest and largest of a row's values and 0.
template <class A>
[[gnu::noinline]] Range range_of(const float* x, std::size_t columns) noexcept {
  Floats<A> min(0.0F);
  Floats<A> max(0.0F);
  Floats<A> sum(0.0F);
  for_each_batch<A>(columns, [&](std::size_t j, auto count) {
    const Floats<A> value = load<A>(x + j, count);
    min = xsimd::min(min, value);
    max = xsimd::max(max, value);
    sum += value;
  });
  const float total = xsimd::reduce_add(sum);
  return {xsimd::reduce_min(min), xsimd::reduce_max(max), total - total};
}

/// A float whose last place is 1: adding it rounds, and leaves the integer in its low bits.
inline constexpr float rounder = 12582912.0F;

/// Below it the inverse may be infinite; such a row's values are 0 but for denormal floats.
inline constexpr float least_scale = std::numeric_limits<float>::min();

/// rne(x · inverse) + zero, at most 127, with shift = zero − the bits of `rounder`. It is never negative: the row's
/// smallest product is −zero before both are rounded, and zero is rounded up where the product is rounded to even.
template <class A>
XSIMD_INLINE Integers<A> to_7_bits(Floats<A> x, Floats<A> inverse, Integers<A> shift) noexcept {
  const Integers<A> bits = xsimd::bitwise_cast<std::int32_t>(madd(x, inverse, Floats<A>(rounder)));
  return xsimd::min(bits + shift, Integers<A>(127));
}

template <class A>
[[gnu::noinline]] void quantise_row(const float* x, std::size_t columns, float inverse, std::int32_t zero,
                                    std::int32_t* words) noexcept {
  constexpr std::size_t bits = 32 / word_size<A>;
  const Floats<A> factor(inverse);
  const Integers<A> shift(zero - std::bit_cast<std::int32_t>(rounder));
  std::size_t k = 0;
  for (; k + word_batch<A> <= columns; k += word_batch<A>, words += lanes<A>) {
    Integers<A> word = to_7_bits<A>(load<A>(x + k), factor, shift);
    for (std::size_t t = 1; t < word_size<A>; ++t) {
      word = word | (to_7_bits<A>(load<A>(x + k + t * lanes<A>), factor, shift) << static_cast<int>(t * bits));
    }
    word.store_unaligned(words);
  }
  if (k == columns) return;
  Integers<A> word(0);
  for (std::size_t t = 0; k < columns; ++t, k += lanes<A>) {
    const std::size_t left = columns - k < lanes<A> ? columns - k : lanes<A>;
    word = word | (to_7_bits<A>(load<A>(x + k, left), factor, shift) << static_cast<int>(t * bits));
  }
  word.store_unaligned(words);
}

template <class A>
void quantise(const float* x, std::size_t stride, std::size_t rows, std::size_t columns,
              const QuantisedRows& out) noexcept {
  const std::size_t words = words_of<A>(columns);
  for (std::size_t i = 0; i < rows; ++i, x += stride) {
    const Range range = range_of<A>(x, columns);
    const float width = range.max - range.min;
    out.scale[i] = width / 127.0F + range.not_finite;
    const float inverse = out.scale[i] >= least_scale ? 127.0F / width : 0.0F;
    const float zero = -range.min * inverse;
    out.zero[i] = zero <= 127.5F ? static_cast<std::int32_t>(zero + 0.5F) : 0;  // not a number: 0
    quantise_row<A>(x, columns, inverse, out.zero[i], out.words + i * words);
  }
}

}  // namespace nystrom::kernels
