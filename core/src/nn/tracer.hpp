#pragma once

#include <cstddef>
#include <utility>

#include <nystrom/run.hpp>

#include "kernels/kernels.hpp"
#include "model/aligned.hpp"
#include "nn/batch.hpp"

namespace nystrom {

/// Copies one head's matrices out while its layer is computed. Storage is made before work starts.
class Tracer {
 public:
  Tracer(TraceRequest request, const Config& config, const kernels::KernelTable& kernels, const Batch& batch);

  [[nodiscard]] bool wants(std::size_t layer, std::size_t head) const noexcept {
    return layer == trace_.layer && head == trace_.head;
  }

  /// Rows first … first + rows − 1 of the exact weights.
  void exact_rows(const float* source, std::size_t stride, std::size_t first, std::size_t rows);
  /// The same rows of F, contiguous; F·Z is formed here, once `landmarks` has been called.
  void token_rows(const kernels::KernelTable& kernels, const float* source, std::size_t first, std::size_t rows);
  /// Columns first … of the scores Q̃·Kᵀ; `landmark_softmax` turns them into B.
  void landmark_scores(const float* source, std::size_t stride, std::size_t first, std::size_t columns);
  void landmark_softmax(const kernels::KernelTable& kernels, float scale);
  void landmarks(const kernels::KernelTable& kernels, const float* a, const float* inverse);
  /// Where the pseudo-inverse writes its residuals.
  [[nodiscard]] float* residuals() noexcept { return trace_.residual.data(); }
  /// Rows × head_size each: what attention and what the convolution give tokens first ….
  void local_share(const float* attention, std::size_t attention_stride, const float* convolution,
                   std::size_t convolution_stride, std::size_t first, std::size_t rows, std::size_t head_size);

  [[nodiscard]] AttentionTrace take() && { return std::move(trace_); }

 private:
  AttentionTrace trace_;
  AlignedFloats packed_inverse_;
};

}  // namespace nystrom
