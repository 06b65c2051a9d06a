#include "nn/tracer.hpp"

#include <string>
#include <utility>

#include <nystrom/error.hpp>

namespace nystrom {
namespace {

void check(const TraceRequest& request, std::size_t tokens) {
  const auto refuse = [&](const std::string& what) {
    throw Error{ErrorCode::input_invalid, what + ", but the text has " + std::to_string(tokens) + " tokens"};
  };
  if (request.landmarks > tokens) refuse(std::to_string(request.landmarks) + " landmarks are asked for");
  for (const std::size_t row : request.exact_rows) {
    if (row >= tokens) refuse("the exact row of token " + std::to_string(row) + " is asked for");
  }
}

}  // namespace

Tracer::Tracer(const TraceRequest& request, const Config& config, const Batch& batch)
    : ids_(batch.sequences.front().ids.begin(), batch.sequences.front().ids.end()), bins_(ids_.size(), request.bins) {
  check(request, ids_.size());
  for (std::size_t layer = 0; layer < config.num_hidden_layers; ++layer) {
    for (std::size_t head = 0; head < config.num_attention_heads; ++head) {
      if (request.layer.value_or(layer) != layer || request.head.value_or(head) != head) continue;
      heads_.emplace_back(layer, head, request, config, batch.exact, bins_, ids_.size());
    }
  }
}

HeadTrace* Tracer::find(std::size_t layer, std::size_t head) noexcept {
  for (HeadTrace& trace : heads_) {
    if (trace.is(layer, head)) return &trace;
  }
  return nullptr;
}

Steps Tracer::finish(const kernels::KernelTable& kernels, std::size_t layer, std::size_t heads) {
  for (std::size_t head = 0; head < heads; ++head) {
    HeadTrace* trace = find(layer, head);
    if (trace == nullptr) continue;
    for (Steps steps = trace->finish(kernels); steps.next();) co_yield Step{};
    co_yield Step{};
  }
}

AttentionTraces Tracer::take() && {
  AttentionTraces traces{.ids = std::move(ids_), .spans = {}, .heads = {}};
  traces.heads.reserve(heads_.size());
  for (HeadTrace& head : heads_) traces.heads.push_back(std::move(head).take());
  return traces;
}

}  // namespace nystrom
