#pragma once

#include "kernels/exp.hpp"
#include "kernels/simd.hpp"

namespace nystrom::kernels {

/// ½x(1 + erf(x/√2)) = max(x, 0) − |x|·Φ(−|x|), to 3e-7. The eighth root of Φ(−t) is nearly a line: a polynomial,
/// fitted by least squares with the weights moved towards the largest error of tΦ(−t), up to 5.8, where that is 2e-8.
/// No division, which takes longer than the three squarings.
template <class A>
XSIMD_INLINE Floats<A> gelu(Floats<A> x) noexcept {
  constexpr float root[] = {0.91700518F,    -0.091472119F,   -0.031866323F,   -7.92781357e-4F,
                            0.00163059623F, -4.00236931e-5F, -3.56710189e-5F, 3.23640575e-6F};
  const Floats<A> t = xsimd::min(xsimd::abs(x), Floats<A>(5.8F));
  Floats<A> tail = polynomial<A>(t, root);
  for (int squarings = 0; squarings < 3; ++squarings) tail *= tail;
  // Of NaN and 0 x86 takes the second: so it stays NaN.
  return xsimd::max(Floats<A>(0.0F), x) - t * tail;
}

/// ½x(1 + tanh u) = x / (1 + exp(−2u)), u = √(2/π)(x + 0.044715x³): one exponential and no cancellation.
template <class A>
XSIMD_INLINE Floats<A> gelu_tanh(Floats<A> x) noexcept {
  const Floats<A> u = 0.79788456080286536F * (x + 0.044715F * x * x * x);
  return x / (1.0F + exp<A>(-2.0F * u));
}

}  // namespace nystrom::kernels
