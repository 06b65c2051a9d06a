#include <nystrom/config.hpp>
#include <nystrom/error.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nystrom;
  try {
    const Config config = Config::from_json(fuzz::as_text(data, size));
    fuzz::require(config.num_attention_heads * config.head_size() == config.hidden_size);
  } catch (const Error& error) {
    fuzz::require(error.code() == ErrorCode::model_invalid);
  }
  return 0;
}
