#pragma once

// The few primitives that xsimd lacks, by architecture. No other header has intrinsics.

#include "kernels/simd.hpp"

#ifdef __wasm_relaxed_simd__
namespace nystrom::kernels {

/// WebAssembly's SIMD with its relaxed instructions.
struct Relaxed : xsimd::wasm {};

}  // namespace nystrom::kernels

namespace xsimd::types {
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(nystrom::kernels::Relaxed, wasm);
}
#endif

namespace nystrom::kernels {

#if defined(__x86_64__)
/// The same sum, before which no later one is begun: GCC 14 would start all products of a tile at once, and spill sums
/// to make room for them.
template <class A>
XSIMD_INLINE Integers<A> in_turn(Integers<A> sum) noexcept {
  asm volatile("" : "+x"(sum.data));
  return sum;
}
#endif

/// Small integers in the 32-bit lanes of a batch, several of type Element a lane: weights in [-127, 127] and values in
/// [0, 127]. `add` adds to each lane of `sum` the dot product of its lane of weights and of values, exactly.
template <class A>
struct WordDot {
  using Element = std::int16_t;

  static XSIMD_INLINE Integers<A> add(Integers<A> sum, Integers<A> weights, Integers<A> values) noexcept {
    return sum + ((weights << 16) >> 16) * (values & 0xffff) + (weights >> 16) * (values >> 16);
  }
};

#if defined(__SSE4_1__)
template <>
struct WordDot<xsimd::sse4_1> {
  using Element = std::int8_t;
  using Batch = Integers<xsimd::sse4_1>;

  static XSIMD_INLINE Batch add(Batch sum, Batch weights, Batch values) noexcept {
    sum += Batch(_mm_madd_epi16(_mm_maddubs_epi16(values, weights), _mm_set1_epi16(1)));
    return in_turn(sum);
  }
};
#endif

#if defined(__AVX2__) && defined(__FMA__)
template <>
struct WordDot<xsimd::fma3<xsimd::avx2>> {
  using Element = std::int8_t;
  using Batch = Integers<xsimd::fma3<xsimd::avx2>>;

  static XSIMD_INLINE Batch add(Batch sum, Batch weights, Batch values) noexcept {
    sum += Batch(_mm256_madd_epi16(_mm256_maddubs_epi16(values, weights), _mm256_set1_epi16(1)));
    return in_turn(sum);
  }
};
#endif

#if defined(__AVX512BW__)
template <>
struct WordDot<xsimd::avx512bw> {
  using Element = std::int8_t;
  using Batch = Integers<xsimd::avx512bw>;

  static XSIMD_INLINE Batch add(Batch sum, Batch weights, Batch values) noexcept {
    return sum + Batch(_mm512_madd_epi16(_mm512_maddubs_epi16(values, weights), _mm512_set1_epi16(1)));
  }
};
#endif

#if defined(__AVX512VNNI__)
template <>
struct WordDot<xsimd::avx512vnni<xsimd::avx512bw>> {
  using Element = std::int8_t;
  using Batch = Integers<xsimd::avx512vnni<xsimd::avx512bw>>;

  static XSIMD_INLINE Batch add(Batch sum, Batch weights, Batch values) noexcept {
    // In a loop over many sums GCC 14 copies and spills what its own intrinsic adds to: half the speed.
    asm("vpdpbusd %2, %1, %0" : "+v"(sum.data) : "v"(values.data), "v"(weights.data));
    return sum;
  }
};
#endif

#if defined(__wasm_simd128__)
template <>
struct WordDot<xsimd::wasm> {
  using Element = std::int16_t;
  using Batch = Integers<xsimd::wasm>;

  static XSIMD_INLINE Batch add(Batch sum, Batch weights, Batch values) noexcept {
    return sum + Batch(wasm_i32x4_dot_i16x8(weights, values));
  }
};
#endif

#if defined(__wasm_relaxed_simd__)
template <>
struct WordDot<Relaxed> {
  using Element = std::int8_t;
  using Batch = Integers<Relaxed>;

  static XSIMD_INLINE Batch add(Batch sum, Batch weights, Batch values) noexcept {
    return Batch(wasm_i32x4_relaxed_dot_i8x16_i7x16_add(weights, values, sum));
  }
};
#endif

}  // namespace nystrom::kernels
