#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

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

/// A number, or nothing for every one.
std::optional<std::size_t> copy_in_index(const val& index) {
  return index.isNumber() ? std::optional(index.as<std::size_t>()) : std::nullopt;
}

void begin_trace(Run& run, const val& units, const val& lengths, const val& request) {
  guarded([&] {
    std::vector<std::uint32_t> rows(request["exactRows"]["length"].as<std::size_t>());
    copy_in(request["exactRows"], rows.data(), rows.size());
    run.begin(copy_in_texts(units, lengths), {.trace = TraceRequest{.layer = copy_in_index(request["layer"]),
                                                                    .head = copy_in_index(request["head"]),
                                                                    .bins = request["bins"].as<std::size_t>(),
                                                                    .landmarks = request["landmarks"].as<std::size_t>(),
                                                                    .exact_rows = {rows.begin(), rows.end()}}});
  });
}

void begin_explanation(Run& run, const val& units, const val& lengths) {
  guarded([&] { run.begin(copy_in_texts(units, lengths), {.explanation = true}); });
}

val advance(Run& run, double milliseconds) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  return guarded([&] {
    return copy_out(run.advance(std::chrono::duration_cast<std::chrono::microseconds>(Milliseconds(milliseconds))));
  });
}

val results(const Run& run) {
  return guarded([&] {
    auto copies = val::array();
    for (const auto& result : run.results()) copies.call<void>("push", copy_out(result));
    return copies;
  });
}

val take_traces(Run& run) {
  return guarded([&] {
    const auto traces = run.take_traces();
    auto heads = val::array();
    for (const auto& trace : traces.heads) heads.call<void>("push", copy_out(trace));
    auto copy = val::object();
    copy.set("ids", copy_out(traces.ids));
    copy.set("spans", copy_out(traces.spans));
    copy.set("heads", heads);
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
  emscripten::class_<Run>("Run")
      .constructor(&make_run, emscripten::allow_raw_pointers())
      .function("begin", &begin)
      .function("beginTrace", &begin_trace)
      .function("beginExplanation", &begin_explanation)
      .function("advance", &advance)
      .function("results", &results)
      .function("takeTraces", &take_traces)
      .function("takeExplanation", &take_explanation);
}

}  // namespace nystrom::bindings
