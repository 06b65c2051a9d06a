#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nystrom/run.hpp>

#include "kernels/kernels.hpp"
#include "nn/batch.hpp"
#include "nn/bins.hpp"
#include "nn/head_trace.hpp"
#include "nn/steps.hpp"

namespace nystrom {

/// The heads that are watched while a batch of one text is read.
class Tracer {
 public:
  /// Throws Error{input_invalid} where the request asks for more tokens than the text has.
  Tracer(const TraceRequest& request, const Config& config, const Batch& batch);

  // Head traces refer to the bins.
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /// Null if nobody watches that head.
  [[nodiscard]] HeadTrace* find(std::size_t layer, std::size_t head) noexcept;

  /// After a layer.
  [[nodiscard]] Steps finish(const kernels::KernelTable& kernels, std::size_t layer, std::size_t heads);

  /// With the tokens' ids; their spans are not known here.
  [[nodiscard]] AttentionTraces take() &&;

 private:
  std::vector<std::int32_t> ids_;
  Bins bins_;
  std::vector<HeadTrace> heads_;
};

}  // namespace nystrom
