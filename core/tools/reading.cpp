#include "reading.hpp"

#include <utility>
#include <vector>

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

Error out_of_memory() { return {ErrorCode::out_of_memory, "there is not enough memory to read this text; shorten it"}; }

void check_kept(const Chunk& chunk) {
  if (chunk.out_of_memory) throw out_of_memory();
  if (!chunk.too_long) return;
  throw Error(ErrorCode::input_invalid,
              "this is longer than " + std::to_string(longest_text / 1'000'000) + " MB; split it into shorter texts");
}

}  // namespace nystrom::tools
