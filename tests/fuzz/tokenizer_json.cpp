#include <nystrom/error.hpp>
#include <nystrom/tokenizer.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nystrom;
  try {
    const Tokenizer tokenizer = Tokenizer::from_json(fuzz::as_text(data, size));
    const Encoding encoding = tokenizer.encode(u"I am unhappy, [MASK] \u00e9\u4e2d\U0001f680.");
    for (const std::int32_t id : encoding.ids) fuzz::require(!tokenizer.token(id).empty());
  } catch (const Error& error) {
    fuzz::require(error.code() == ErrorCode::model_invalid);
  }
  return 0;
}
