#pragma once

#include "kernels/kernels.hpp"
#include "kernels/simd.hpp"

namespace nystrom::kernels {

/// out = Σ_t filter[t] · row t of values, for `Batches` batches of channels side by side.
template <class A, std::size_t Batches>
[[gnu::noinline]] void filter_channels(const float* values, std::size_t stride, const float* filter, std::size_t width,
                                       float* out) noexcept {
  Floats<A> sum[Batches];
  for (auto& batch : sum) batch = Floats<A>(0.0F);
  for (std::size_t t = 0; t < width; ++t, values += stride) {
    const Floats<A> weight(filter[t]);
    for (std::size_t b = 0; b < Batches; ++b) sum[b] = madd(weight, load<A>(values + b * lanes<A>), sum[b]);
  }
  for (std::size_t b = 0; b < Batches; ++b) store<A>(out + b * lanes<A>, sum[b]);
}

/// The same for fewer channels than a batch has.
template <class A>
void filter_rest(const float* values, std::size_t stride, const float* filter, std::size_t width, std::size_t channels,
                 float* out) noexcept {
  Floats<A> sum(0.0F);
  for (std::size_t t = 0; t < width; ++t) sum = madd(Floats<A>(filter[t]), load<A>(values + t * stride, channels), sum);
  store<A>(out, sum, channels);
}

/// One head of one row; `values` is what filter[0] meets.
template <class A>
void filter_head(const float* values, std::size_t stride, const float* filter, std::size_t width, std::size_t head_size,
                 float* out) noexcept {
  std::size_t c = 0;
  for (; c + 4 * lanes<A> <= head_size; c += 4 * lanes<A>)
    filter_channels<A, 4>(values + c, stride, filter, width, out + c);
  for (; c + lanes<A> <= head_size; c += lanes<A>) filter_channels<A, 1>(values + c, stride, filter, width, out + c);
  if (c < head_size) filter_rest<A>(values + c, stride, filter, width, head_size - c, out + c);
}

template <class A>
void convolve(const Convolution& c) noexcept {
  const std::size_t half = c.width / 2;
  for (std::size_t row = 0; row < c.rows; ++row) {
    const std::size_t centre = c.first + row;
    const std::size_t skipped = centre < half ? half - centre : 0;
    const std::size_t after = c.tokens - centre;
    const std::size_t width = (after <= half ? after + half : c.width) - skipped;
    const float* values = c.values + (centre + skipped - half) * c.values_stride;
    for (std::size_t head = 0; head < c.heads; ++head) {
      filter_head<A>(values + head * c.head_size, c.values_stride, c.filter + head * c.width + skipped, width,
                     c.head_size, c.out + row * c.out_stride + head * c.head_size);
    }
  }
}

}  // namespace nystrom::kernels
