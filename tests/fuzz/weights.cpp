#include <nystrom/error.hpp>
#include <nystrom/model.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nystrom;
  static const std::string config = fuzz::fixture("tiny-model/config.json");
  static const std::string tokenizer = fuzz::fixture("tiny-model/tokenizer.json");
  try {
    static_cast<void>(Model::load(ModelFiles{config, tokenizer, std::as_bytes(std::span(data, size))}));
  } catch (const Error& error) {
    fuzz::require(error.code() == ErrorCode::model_invalid);
  }
  return 0;
}
