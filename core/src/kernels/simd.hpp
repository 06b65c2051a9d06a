#pragma once

// What all vectorised kernels share. Every helper carries the architecture as a template parameter, so that no two
// kernels_<arch>.cpp define the same symbol.

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <xsimd/xsimd.hpp>

namespace nystrom::kernels {

template <class A>
using Floats = xsimd::batch<float, A>;

template <class A>
using Integers = xsimd::batch<std::int32_t, A>;

template <class A>
inline constexpr std::size_t lanes = Floats<A>::size;

/// Stands for a full batch where a count of its first floats is expected.
template <class A>
struct Whole {};

template <class A>
XSIMD_INLINE Floats<A> load(const float* from, Whole<A> /*count*/ = {}, float /*rest*/ = 0) noexcept {
  return Floats<A>::load_unaligned(from);
}

/// The first `count` lanes come from memory, the others are `rest`.
template <class A>
XSIMD_INLINE Floats<A> load(const float* from, std::size_t count, float rest = 0) noexcept {
  alignas(64) float values[lanes<A>];
  for (std::size_t i = 0; i < lanes<A>; ++i) values[i] = i < count ? from[i] : rest;
  return Floats<A>::load_aligned(values);
}

template <class A>
XSIMD_INLINE void store(float* to, Floats<A> x, Whole<A> /*count*/ = {}) noexcept {
  x.store_unaligned(to);
}

template <class A>
XSIMD_INLINE void store(float* to, Floats<A> x, std::size_t count) noexcept {
  alignas(64) float values[lanes<A>];
  x.store_aligned(values);
  for (std::size_t i = 0; i < count; ++i) to[i] = values[i];
}

/// Calls f(index, count) from 0 to size by batches; count is Whole<A> but for what is left at the end.
template <class A, class F>
XSIMD_INLINE void for_each_batch(std::size_t size, F f) noexcept {
  std::size_t i = 0;
  for (; i + lanes<A> <= size; i += lanes<A>) f(i, Whole<A>{});
  if (i < size) f(i, size - i);
}

/// After a lambda's parameters: what it captures can stay in registers only if it is no function of its own.
#define NYSTROM_INLINED __attribute__((always_inline))

/// Calls f(0) … f(Count − 1) with numbers known at compile time: an array that is indexed by no others stays in
/// registers.
template <std::size_t Count, class F>
XSIMD_INLINE void unrolled(F f) noexcept {
  [&]<std::size_t... index>(std::index_sequence<index...>)
      NYSTROM_INLINED { (f(std::integral_constant<std::size_t, index>{}), ...); }(std::make_index_sequence<Count>{});
}

/// x·y + z in two roundings: WebAssembly's plain SIMD has no other, and every architecture must round alike.
template <class A>
XSIMD_INLINE Floats<A> madd(Floats<A> x, Floats<A> y, Floats<A> z) noexcept {
  return x * y + z;
}

/// Floats are summed in so many partial sums, term i in partial sum i mod 16, whatever the architecture's width.
inline constexpr std::size_t partial_sums = 16;

/// The partial sums' sum, halves added first.
template <class A, std::size_t Batches>
XSIMD_INLINE float total(const Floats<A> (&sums)[Batches]) noexcept {
  static_assert(Batches * lanes<A> == partial_sums);
  alignas(64) float values[partial_sums];
  unrolled<Batches>([&](auto b) NYSTROM_INLINED { sums[b].store_aligned(values + b * lanes<A>); });
  for (std::size_t half = partial_sums / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) values[i] += values[i + half];
  }
  return values[0];
}

/// The sum of f(index, count) from 0 to size by batches, as for_each_batch calls it. What is not there must be 0.
template <class A, class F>
XSIMD_INLINE float sum_of(std::size_t size, F f) noexcept {
  constexpr std::size_t batches = partial_sums / lanes<A>;
  Floats<A> sums[batches];
  unrolled<batches>([&](auto b) NYSTROM_INLINED { sums[b] = Floats<A>(0.0F); });
  std::size_t i = 0;
  for (; i + partial_sums <= size; i += partial_sums) {
    unrolled<batches>([&](auto b) NYSTROM_INLINED { sums[b] += f(i + b * lanes<A>, Whole<A>{}); });
  }
  unrolled<batches>([&](auto b) NYSTROM_INLINED {
    const std::size_t first = i + b * lanes<A>;
    if (first + lanes<A> <= size) {
      sums[b] += f(first, Whole<A>{});
    } else if (first < size) {
      sums[b] += f(first, size - first);
    }
  });
  return total<A>(sums);
}

}  // namespace nystrom::kernels
