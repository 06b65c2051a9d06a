#pragma once

#include "kernels/convolve.hpp"
#include "kernels/kernels.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/matmul.hpp"
#include "kernels/matmul_int8.hpp"
#include "kernels/pseudo_inverse.hpp"
#include "kernels/quantise.hpp"
#include "kernels/segment_means.hpp"
#include "kernels/softmax.hpp"

namespace nystrom::kernels {

/// Every kernel for one architecture. How many rows a product works on at once: two sums a row, two batches of the
/// panel and one value must fit into the registers (of integers, what WordDot needs besides), else the sums spill.
template <class A, std::size_t TileRows, std::size_t Int8TileRows>
constexpr KernelTable make_table(const char* name) noexcept {
  return {.name = name,
          .panel_width = panel_width<A>,
          .lanes = lanes<A>,
          .word_size = word_size<A>,
          .pack = pack<A>,
          .matmul = matmul<A, TileRows>,
          .pack_int8 = pack_int8<A>,
          .quantise = quantise<A>,
          .matmul_int8 = matmul_int8<A, Int8TileRows>,
          .softmax = softmax<A>,
          .online_softmax = online_softmax<A>,
          .scale_rows = scale_rows<A>,
          .layer_norm = layer_norm<A>,
          .segment_means = segment_means<A>,
          .convolve = convolve<A>,
          .pseudo_inverse = pseudo_inverse<A, TileRows>};
}

}  // namespace nystrom::kernels
