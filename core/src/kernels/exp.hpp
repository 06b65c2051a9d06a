#pragma once

#include <cstdint>

#include "kernels/simd.hpp"

namespace nystrom::kernels {

/// coefficients[0] + coefficients[1]·x + coefficients[2]·x² + …
template <class A, std::size_t Count>
XSIMD_INLINE Floats<A> polynomial(Floats<A> x, const float (&coefficients)[Count]) noexcept {
  Floats<A> result(coefficients[Count - 1]);
  for (std::size_t i = Count - 1; i > 0; --i) result = madd(result, x, Floats<A>(coefficients[i - 1]));
  return result;
}

/// exp(x) to 2 units in the last place where that is a normal float; 0 below −87.7, infinity above 88.38.
/// Ours because xsimd's converts to integers one by one on WebAssembly, and as C++ does, which leaves −infinity
/// undefined.
template <class A>
XSIMD_INLINE Floats<A> exp(Floats<A> x) noexcept {
  // (eʳ − 1 − r)/r² for |r| <= ½ ln 2, fitted as in gelu.hpp: 3e-9 off.
  constexpr float coefficients[] = {0.49999993437F, 0.16666520476F, 0.041668389879F, 0.0083687357686F,
                                    0.0013814559492F};
  // A float of this size has a last place of 1: adding it rounds, and leaves the integer in the lowest bits.
  const Floats<A> rounder(12582912.0F);
  const Floats<A> bounded = xsimd::max(xsimd::min(x, Floats<A>(89.0F)), Floats<A>(-88.0F));
  const Floats<A> shifted = madd(bounded, Floats<A>(1.44269504F), rounder);
  const Floats<A> k = shifted - rounder;
  // ln 2 in two parts, the first short enough that its product with k is exact.
  Floats<A> r = madd(k, Floats<A>(-0.693359375F), bounded);
  r = madd(k, Floats<A>(2.12194440e-4F), r);
  const Floats<A> result = madd(polynomial<A>(r, coefficients), r * r, r) + 1.0F;
  const Integers<A> exponent = (xsimd::bitwise_cast<std::int32_t>(shifted) + Integers<A>(127)) << 23;
  return result * xsimd::bitwise_cast<float>(exponent);
}

}  // namespace nystrom::kernels
