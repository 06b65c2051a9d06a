#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <emscripten/val.h>

#include <nystrom/run.hpp>

namespace nystrom::bindings {

/// Fills `size` numbers at `data` from a typed array of that length. The view that does it does not outlive the call.
template <class Number>
void copy_in(const emscripten::val& typed_array, Number* data, std::size_t size) {
  emscripten::val(emscripten::typed_memory_view(size, data)).call<void>("set", typed_array);
}

/// The numbers as a typed array of JavaScript's own.
template <class Number>
emscripten::val copy_out(const std::vector<Number>& values) {
  return emscripten::val(emscripten::typed_memory_view(values.size(), values.data()))
      .template call<emscripten::val>("slice");
}

/// [start, end] of every span, one after the other.
inline emscripten::val copy_out(const std::vector<Span>& spans) {
  static_assert(sizeof(Span) == 2 * sizeof(std::uint32_t) && std::is_standard_layout_v<Span>);
  const auto* flat = reinterpret_cast<const std::uint32_t*>(spans.data());
  return emscripten::val(emscripten::typed_memory_view(2 * spans.size(), flat)).call<emscripten::val>("slice");
}

inline emscripten::val copy_out(const Matrix& matrix) {
  auto copy = emscripten::val::object();
  copy.set("rows", matrix.rows);
  copy.set("columns", matrix.columns);
  copy.set("data", copy_out(matrix.values));
  return copy;
}

inline emscripten::val copy_out(const Progress& progress) {
  auto copy = emscripten::val::object();
  copy.set("fraction", progress.fraction);
  copy.set("done", progress.done);
  return copy;
}

inline emscripten::val copy_out(const Classification& result) {
  auto copy = emscripten::val::object();
  copy.set("empty", result.empty);
  copy.set("truncated", result.truncated);
  copy.set("tokens", result.tokens);
  copy.set("unknownTokens", result.unknown_tokens);
  copy.set("logit", result.logit);
  copy.set("positive", result.positive);
  return copy;
}

inline emscripten::val copy_out(const AttentionTrace& trace) {
  auto copy = emscripten::val::object();
  copy.set("layer", trace.layer);
  copy.set("head", trace.head);
  copy.set("exact", trace.exact);
  copy.set("landmarks", copy_out(trace.landmarks));
  copy.set("bins", copy_out(trace.bins));
  copy.set("tokenToLandmark", copy_out(trace.token_to_landmark));
  copy.set("landmarkToLandmark", copy_out(trace.landmark_to_landmark));
  copy.set("inverse", copy_out(trace.inverse));
  copy.set("landmarkToToken", copy_out(trace.landmark_to_token));
  copy.set("weights", copy_out(trace.weights));
  copy.set("localShare", copy_out(trace.local_share));
  copy.set("residual", copy_out(trace.residual));
  copy.set("exactRows", copy_out(trace.exact_rows));
  return copy;
}

/// Texts laid end to end in a Uint16Array, as many units each as the Uint32Array `lengths` says.
inline std::vector<std::u16string> copy_in_texts(const emscripten::val& units, const emscripten::val& lengths) {
  std::vector<std::uint32_t> sizes(lengths["length"].as<std::size_t>());
  copy_in(lengths, sizes.data(), sizes.size());
  std::vector<std::u16string> texts;
  texts.reserve(sizes.size());
  std::size_t start = 0;
  for (const std::size_t size : sizes) {
    auto& text = texts.emplace_back(size, u'\0');
    copy_in(units.call<emscripten::val>("subarray", start, start + size), reinterpret_cast<std::uint16_t*>(text.data()),
            size);
    start += size;
  }
  return texts;
}

}  // namespace nystrom::bindings
