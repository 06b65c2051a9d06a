#include <cstring>

#include <nystrom/tokenizer.hpp>
#include <nystrom/utf8.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nystrom;
  static const Tokenizer tokenizer = Tokenizer::from_json(fuzz::fixture("tokenizer/added/tokenizer.json"));
  const std::string_view bytes = fuzz::as_text(data, size);
  const std::u16string text = decode_utf8(bytes);
  fuzz::require(decode_utf8("\xef\xbb\xbf" + encode_utf8(text)) == text);  // one byte order mark is dropped
  // The same bytes as UTF-16, whatever that makes.
  std::u16string units(size / 2, u'\0');
  std::memcpy(units.data(), data, units.size() * sizeof(char16_t));
  for (const std::u16string& read : {text, units}) {
    const Encoding encoding = tokenizer.encode(read);
    fuzz::require(encoding.ids.size() >= 2 && encoding.spans.size() == encoding.ids.size());
    std::uint32_t reached = 0;
    for (std::size_t i = 1; i + 1 < encoding.ids.size(); ++i) {
      const Span span = encoding.spans[i];
      fuzz::require(span.start <= span.end && span.end <= read.size() && reached <= span.start);
      reached = span.start;
    }
  }
  return 0;
}
