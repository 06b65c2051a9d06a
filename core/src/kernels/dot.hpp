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

/// x·y + z, in one rounding where the architecture can.
template <class A>
XSIMD_INLINE xsimd::batch<float, A> madd(xsimd::batch<float, A> x, xsimd::batch<float, A> y,
                                         xsimd::batch<float, A> z) noexcept {
  return xsimd::fma(x, y, z);
}

#ifdef __wasm_relaxed_simd__
XSIMD_INLINE Floats<Relaxed> madd(Floats<Relaxed> x, Floats<Relaxed> y, Floats<Relaxed> z) noexcept {
  return Floats<Relaxed>(wasm_f32x4_relaxed_madd(x, y, z));
}
#endif

}  // namespace nystrom::kernels
