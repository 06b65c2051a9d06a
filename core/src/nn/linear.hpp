#pragma once

#include <cstddef>

#include "kernels/kernels.hpp"
#include "model/weights.hpp"

namespace nystrom {

/// Rows that linear layers read: x (rows × inputs, contiguous). Made integers once, when the first int8 layer asks.
class LinearInput {
 public:
  LinearInput(const kernels::KernelTable& kernels, const float* x, std::size_t rows, kernels::QuantisedRows space)
      : kernels_(kernels), x_(x), rows_(rows), quantised_(space) {}

  /// out (rows × layer.outputs, contiguous) = x·Wᵀ + b, stored as `store` says: `set` or an activation.
  void apply(const Linear& layer, float* out, kernels::Store store = kernels::Store::set) {
    layer.is_int8() ? apply_int8(layer, out, store) : apply_float(layer, out, store);
  }

 private:
  void apply_float(const Linear& layer, float* out, kernels::Store store) const {
    kernels_.matmul({.a = x_,
                     .a_stride = layer.inputs,
                     .packed = layer.packed.data(),
                     .bias = layer.bias.data(),
                     .c = out,
                     .c_stride = layer.outputs,
                     .rows = rows_,
                     .columns = layer.outputs,
                     .inner = layer.inputs},
                    store);
  }

  void apply_int8(const Linear& layer, float* out, kernels::Store store) {
    if (!is_quantised_) kernels_.quantise(x_, layer.inputs, rows_, layer.inputs, quantised_);
    is_quantised_ = true;
    kernels_.matmul_int8({.a = quantised_,
                          .b = {.words = layer.words.data(), .sums = layer.sums.data(), .scale = layer.scale.data()},
                          .bias = layer.bias.data(),
                          .c = out,
                          .c_stride = layer.outputs,
                          .rows = rows_,
                          .columns = layer.outputs,
                          .inner = layer.inputs},
                         store);
  }

  const kernels::KernelTable& kernels_;
  const float* x_;
  std::size_t rows_;
  kernels::QuantisedRows quantised_;
  bool is_quantised_ = false;
};

}  // namespace nystrom
