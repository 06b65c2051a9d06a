#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <nystrom/run.hpp>

#include "kernels/kernels.hpp"
#include "nn/bins.hpp"
#include "nn/queries_and_keys.hpp"
#include "nn/steps.hpp"

namespace nystrom {

/// What one head did, gathered into bins while its layer is computed. What the trace holds is made before work starts;
/// what `finish` needs beside it, only then.
class HeadTrace {
 public:
  /// `request` names this layer and head, or all of them. `bins` must outlive this.
  HeadTrace(std::size_t layer, std::size_t head, const TraceRequest& request, const Config& config, bool exact,
            const Bins& bins, std::size_t tokens);

  [[nodiscard]] bool is(std::size_t layer, std::size_t head) const noexcept {
    return layer == trace_.layer && head == trace_.head;
  }

  /// Rows first … first + rows − 1 of the exact weights, each `stride` = n floats.
  void exact_rows(const float* weights, std::size_t stride, std::size_t first, std::size_t rows);
  /// The same rows of F, m floats each.
  void token_rows(const float* weights, std::size_t first, std::size_t rows);
  /// A block of an online softmax: rows of exp(scale·(score − max)) for its `columns` tokens.
  void gathered(const float* exponentials, std::size_t columns, std::size_t first, const kernels::OnlineSoftmax& state);
  /// Its end: B from what was gathered.
  void normalise(const kernels::OnlineSoftmax& state, float scale);
  void landmarks(const float* a, const float* inverse);
  /// Where the pseudo-inverse writes its residuals; null if they are of no use.
  [[nodiscard]] float* residuals() noexcept { return recomputed() ? nullptr : trace_.residual.data(); }
  /// Rows × head size each: what attention and what the convolution give tokens first ….
  void local_share(const float* attention, std::size_t attention_stride, const float* convolution,
                   std::size_t convolution_stride, std::size_t first, std::size_t rows);
  /// This head's rows of Q or K, kept if something is to be computed from them.
  void queries(const float* rows, std::size_t stride, std::size_t first, std::size_t count);
  void keys(const float* rows, std::size_t stride, std::size_t first, std::size_t count);

  /// After the layer: means of the bins, F·Z, and what was asked of Q and K. A step is a block of tokens.
  [[nodiscard]] Steps finish(const kernels::KernelTable& kernels);

  [[nodiscard]] AttentionTrace take() && { return std::move(trace_); }

 private:
  [[nodiscard]] bool recomputed() const noexcept { return landmarks_ > 0; }
  void set_landmarks(std::size_t m);

  AttentionTrace trace_;
  const Bins& bins_;
  std::size_t tokens_;
  std::size_t head_size_;
  std::size_t landmarks_;  ///< other than the model's, or 0
  std::vector<std::size_t> exact_rows_;
  std::optional<QueriesAndKeys> kept_;
  std::vector<float> block_max_;  ///< m × blocks: the maximum that a block's exponentials were taken from
};

}  // namespace nystrom
