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

/// A sum whose rounding error does not grow with the number of terms (Kahan 1965, lane by lane).
template <class A>
class LongSum {
 public:
  XSIMD_INLINE void add(Floats<A> x) noexcept {
    const Floats<A> corrected = x - lost_;
    const Floats<A> sum = sum_ + corrected;
    lost_ = (sum - sum_) - corrected;
    sum_ = sum;
  }

  XSIMD_INLINE float total() const noexcept { return xsimd::reduce_add(sum_); }

 private:
  Floats<A> sum_{0.0F};
  Floats<A> lost_{0.0F};
};

}  // namespace nystrom::kernels
