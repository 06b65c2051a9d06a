#pragma once

#include <cstddef>

#include "kernels/kernels.hpp"
#include "model/weights.hpp"

namespace nystrom {

/// out (rows × layer.outputs, contiguous) = x (rows × layer.inputs, contiguous) · Wᵀ + b, stored as `store` says.
inline void apply(const kernels::KernelTable& kernels, const Linear& layer, const float* x, std::size_t rows,
                  float* out, kernels::Store store = kernels::Store::set) {
  kernels.matmul({.a = x,
                  .a_stride = layer.inputs,
                  .packed = layer.packed.data(),
                  .bias = layer.bias.data(),
                  .c = out,
                  .c_stride = layer.outputs,
                  .rows = rows,
                  .columns = layer.outputs,
                  .inner = layer.inputs},
                 store);
}

}  // namespace nystrom
