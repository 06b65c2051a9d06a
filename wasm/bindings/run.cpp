#include <chrono>
#include <cstddef>
#include <memory>

#include <emscripten/bind.h>

#include <nystrom/run.hpp>

#include "copy.hpp"
#include "guard.hpp"

namespace nystrom::bindings {
namespace {

using emscripten::val;

Run* make_run(const std::shared_ptr<const Model>& model, std::size_t max_tokens) {
  return guarded([&] { return new Run(model, RunOptions{.max_tokens = max_tokens}); });
}

void begin(Run& run, const val& units, const val& lengths) {
  guarded([&] { run.begin(copy_in_texts(units, lengths)); });
}

void begin_trace(Run& run, const val& units, const val& lengths, std::size_t layer, std::size_t head) {
  guarded([&] { run.begin(copy_in_texts(units, lengths), {.trace = TraceRequest{.layer = layer, .head = head}}); });
}

void begin_explanation(Run& run, const val& units, const val& lengths) {
  guarded([&] { run.begin(copy_in_texts(units, lengths), {.explanation = true}); });
}

Progress advance(Run& run, double milliseconds) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  return guarded(
      [&] { return run.advance(std::chrono::duration_cast<std::chrono::microseconds>(Milliseconds(milliseconds))); });
}

val results(const Run& run) {
  return guarded([&] {
    auto copies = val::array();
    for (const auto& result : run.results()) copies.call<void>("push", result);
    return copies;
  });
}

val take_trace(Run& run) {
  return guarded([&] {
    const auto trace = run.take_trace();
    auto copy = val::object();
    copy.set("layer", trace.layer);
    copy.set("head", trace.head);
    copy.set("exact", trace.exact);
    copy.set("ids", copy_out(trace.ids));
    copy.set("spans", copy_out(trace.spans));
    copy.set("landmarks", copy_out(trace.landmarks));
    copy.set("tokenToLandmark", copy_out(trace.token_to_landmark));
    copy.set("landmarkToLandmark", copy_out(trace.landmark_to_landmark));
    copy.set("inverse", copy_out(trace.inverse));
    copy.set("landmarkToToken", copy_out(trace.landmark_to_token));
    copy.set("weights", copy_out(trace.weights));
    copy.set("localShare", copy_out(trace.local_share));
    copy.set("residual", copy_out(trace.residual));
    return copy;
  });
}

val take_explanation(Run& run) {
  return guarded([&] {
    const auto explanation = run.take_explanation();
    auto copy = val::object();
    copy.set("bias", explanation.bias);
    copy.set("ids", copy_out(explanation.ids));
    copy.set("spans", copy_out(explanation.spans));
    copy.set("evidence", copy_out(explanation.evidence));
    return copy;
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(run) {
  emscripten::value_object<Classification>("Classification")
      .field("empty", &Classification::empty)
      .field("truncated", &Classification::truncated)
      .field("tokens", &Classification::tokens)
      .field("unknownTokens", &Classification::unknown_tokens)
      .field("logit", &Classification::logit)
      .field("positive", &Classification::positive);
  emscripten::value_object<Progress>("Progress").field("fraction", &Progress::fraction).field("done", &Progress::done);
  emscripten::class_<Run>("Run")
      .constructor(&make_run, emscripten::allow_raw_pointers())
      .function("begin", &begin)
      .function("beginTrace", &begin_trace)
      .function("beginExplanation", &begin_explanation)
      .function("advance", &advance)
      .function("results", &results)
      .function("takeTrace", &take_trace)
      .function("takeExplanation", &take_explanation);
}

}  // namespace nystrom::bindings
