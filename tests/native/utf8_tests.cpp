#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "nystrom/utf8.hpp"
#include "text/code_points.hpp"

using namespace nystrom;

namespace {

std::string from_hexadecimal(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

}  // namespace

TEST_CASE("UTF-8 decodes as an independent decoder says, invalid subparts included") {
  std::ifstream file(NYSTROM_FIXTURES "/utf8/cases.jsonl");
  int cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    const auto json = nlohmann::json::parse(line);
    CAPTURE(line);
    const std::u16string decoded = decode_utf8(from_hexadecimal(json["bytes"]));
    CHECK(encode_utf8(decoded) == json["text"].get<std::string>());
  }
  CHECK(cases > 2000);
}

TEST_CASE("every code point survives UTF-8 and back, and has the units that UTF-16 gives it") {
  for (char32_t c = 1; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::u16string text = u"x";
    if (c < 0x10000) {
      text.push_back(static_cast<char16_t>(c));
    } else {
      text.push_back(static_cast<char16_t>(0xD800 | ((c - 0x10000) >> 10)));
      text.push_back(static_cast<char16_t>(0xDC00 | ((c - 0x10000) & 0x3FF)));
    }
    const std::string bytes = encode_utf8(text);
    const std::size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    REQUIRE(bytes.size() == 1 + length);
    REQUIRE(decode_utf8(bytes) == text);
    std::size_t index = 1;
    REQUIRE(next_code_point(text, index) == c);
    REQUIRE(index == text.size());
  }
}

TEST_CASE("a byte order mark is dropped at the start and nowhere else") {
  CHECK(decode_utf8("\xEF\xBB\xBF") == u"");
  CHECK(decode_utf8("\xEF\xBB\xBF\xEF\xBB\xBF") == u"\uFEFF");
  CHECK(decode_utf8("a\xEF\xBB\xBF") == u"a\uFEFF");
  CHECK(decode_utf8("\xEF\xBB") == u"\uFFFD");
  CHECK(decode_utf8_with_mark("\xEF\xBB\xBF") == u"\uFEFF");
}

TEST_CASE("NUL and line ends pass through") {
  using namespace std::string_view_literals;
  CHECK(decode_utf8("a\0b\r\n"sv) == u"a\0b\r\n"sv);
  CHECK(encode_utf8(u"a\0b\r\n"sv) == "a\0b\r\n"sv);
}

TEST_CASE("a lone surrogate is read as U+FFFD, wherever it stands") {
  const std::u16string high(1, 0xD83D);
  const std::u16string low(1, 0xDE80);
  CHECK(encode_utf8(high) == "\uFFFD");
  CHECK(encode_utf8(low) == "\uFFFD");
  CHECK(encode_utf8(high + u"a") == "\uFFFDa");
  CHECK(encode_utf8(low + high) == "\uFFFD\uFFFD");
  CHECK(encode_utf8(high + high + low) == "\uFFFD\U0001F680");
}
