#include "reading.hpp"

#include <utility>
#include <vector>

#include <nystrom/error.hpp>

namespace nystrom::tools {

Classification read(Run& run, std::u16string text, const std::function<void(double)>& progress) {
  std::vector<std::u16string> texts;
  texts.push_back(std::move(text));
  run.begin(std::move(texts));
  for (Progress state; !state.done;) {
    state = run.advance();
    progress(state.fraction);
  }
  return run.results().front();
}

void check_length(const Chunk& chunk) {
  if (!chunk.too_long) return;
  throw Error(ErrorCode::input_invalid,
              "this is longer than " + std::to_string(longest_text / 1'000'000) + " MB; split it into shorter texts");
}

void refuse_for_memory() {
  throw Error(ErrorCode::out_of_memory, "there is not enough memory to read this text; shorten it");
}

}  // namespace nystrom::tools
