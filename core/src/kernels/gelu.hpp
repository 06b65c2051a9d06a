#pragma once

#include "kernels/simd.hpp"

namespace nystrom::kernels {

/// ½x(1 + erf(x/√2))
template <class A>
XSIMD_INLINE Floats<A> gelu(Floats<A> x) noexcept {
  const Floats<A> half = 0.5F * x;
  return half + half * xsimd::erf(x * 0.70710678118654752F);
}

/// ½x(1 + tanh u) = x / (1 + exp(−2u)), u = √(2/π)(x + 0.044715x³): one exponential and no cancellation.
template <class A>
XSIMD_INLINE Floats<A> gelu_tanh(Floats<A> x) noexcept {
  const Floats<A> u = 0.79788456080286536F * (x + 0.044715F * x * x * x);
  return x / (1.0F + xsimd::exp(-2.0F * u));
}

}  // namespace nystrom::kernels
