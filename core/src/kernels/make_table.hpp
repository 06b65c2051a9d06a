#pragma once

#include "kernels/convolve.hpp"
#include "kernels/kernels.hpp"
#include "kernels/layer_norm.hpp"
#include "kernels/matmul.hpp"
#include "kernels/pseudo_inverse.hpp"
#include "kernels/segment_means.hpp"
#include "kernels/softmax.hpp"

namespace nystrom::kernels {

/// Every kernel for one architecture. `TileRows`: how many rows a product works on at once; two sums a row, two batches
/// of the panel and one value must fit into the registers, else the sums spill.
template <class A, std::size_t TileRows>
constexpr KernelTable make_table(const char* name) noexcept {
  return {.name = name,
          .panel_width = panel_width<A>,
          .pack = pack<A>,
          .matmul = matmul<A, TileRows>,
          .softmax = softmax<A>,
          .online_softmax = online_softmax<A>,
          .scale_rows = scale_rows<A>,
          .layer_norm = layer_norm<A>,
          .segment_means = segment_means<A>,
          .convolve = convolve<A>,
          .pseudo_inverse = pseudo_inverse<A, TileRows>};
}

}  // namespace nystrom::kernels
