#pragma once

#include <cstddef>

#include <nystrom/model.hpp>

#include "model/weights.hpp"
#include "nn/batch.hpp"
#include "nn/linear.hpp"
#include "nn/steps.hpp"
#include "nn/tracer.hpp"
#include "nn/workspace.hpp"

namespace nystrom {

/// Steps of the iterative pseudo-inverse, as in the paper and in training.
inline constexpr std::size_t inverse_iterations = 6;

/// What the parts of the encoder work on: a model, a batch, its numbers, and who may be watching some heads.
struct Pass {
  const Config& config;
  const Weights& weights;
  const kernels::KernelTable& kernels;
  const Batch& batch;
  Workspace& work;
  Tracer* tracer;  ///< null: nobody

  [[nodiscard]] float scale() const noexcept;  ///< 1/√head_size
  /// Who watches that head, or null.
  [[nodiscard]] HeadTrace* trace(std::size_t layer, std::size_t head) const noexcept {
    return tracer == nullptr ? nullptr : tracer->find(layer, head);
  }
  /// Rows for linear layers to read; good until the next ones are made.
  [[nodiscard]] LinearInput input(const float* x, std::size_t rows) const noexcept {
    return {kernels, x, rows, work.quantised};
  }
  [[nodiscard]] float* row(float* matrix, std::size_t index) const noexcept {
    return matrix + index * config.hidden_size;
  }
};

/// Multiply-adds that a batch costs, for progress.
[[nodiscard]] double cost(const Config& config, const Batch& batch) noexcept;

/// Reads a batch: token ids to work.x, the states of the last layer. A step is a block through half a layer, but
/// for the segment means, which go over all rows.
[[nodiscard]] Steps encode(Pass pass, double& done);

}  // namespace nystrom
