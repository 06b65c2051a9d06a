#pragma once

#include "kernels/simd.hpp"

namespace nystrom::kernels {

/// x += residual, and the sum of that.
template <class A>
float add_row(float* x, const float* residual, std::size_t columns) noexcept {
  return sum_of<A>(columns, [&](std::size_t j, auto count) NYSTROM_INLINED {
    Floats<A> value = load<A>(x + j, count);
    if (residual) {
      value += load<A>(residual + j, count);
      store<A>(x + j, value, count);
    }
    return value;
  });
}

/// x −= mean, and the sum of its squares.
template <class A>
float centre_row(float* x, std::size_t columns, float mean) noexcept {
  return sum_of<A>(columns, [&](std::size_t j, auto count) NYSTROM_INLINED {
    const Floats<A> value = load<A>(x + j, count, mean) - mean;
    store<A>(x + j, value, count);
    return value * value;
  });
}

template <class A>
[[gnu::noinline]] void layer_norm_row(float* x, const float* residual, std::size_t columns, const float* gamma,
                                      const float* beta, float epsilon) noexcept {
  const float mean = add_row<A>(x, residual, columns) / static_cast<float>(columns);
  const float variance = centre_row<A>(x, columns, mean) / static_cast<float>(columns);
  const Floats<A> factor = 1.0F / xsimd::sqrt(Floats<A>(variance + epsilon));
  for_each_batch<A>(columns, [&](std::size_t j, auto count) {
    const Floats<A> value = load<A>(x + j, count) * factor;
    store<A>(x + j, madd(value, load<A>(gamma + j, count), load<A>(beta + j, count)), count);
  });
}

template <class A>
void layer_norm(float* x, std::size_t stride, const float* residual, std::size_t residual_stride, std::size_t rows,
                std::size_t columns, const float* gamma, const float* beta, float epsilon) noexcept {
  for (std::size_t i = 0; i < rows; ++i) {
    layer_norm_row<A>(x + i * stride, residual ? residual + i * residual_stride : nullptr, columns, gamma, beta,
                      epsilon);
  }
}

}  // namespace nystrom::kernels
