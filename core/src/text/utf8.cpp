#include "nystrom/utf8.hpp"

#include <cstddef>

#include "text/code_points.hpp"

namespace nystrom {
namespace {

/// How many bytes follow this lead byte and what the first of them may be (WHATWG Encoding Standard, UTF-8 decoder).
struct Lead {
  int trailing;
  unsigned lowest;
  unsigned highest;
};

Lead lead_of(unsigned byte) noexcept {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte >= 0xE0 && byte <= 0xEF) return {2, byte == 0xE0 ? 0xA0u : 0x80u, byte == 0xED ? 0x9Fu : 0xBFu};
  if (byte >= 0xF0 && byte <= 0xF4) return {3, byte == 0xF0 ? 0x90u : 0x80u, byte == 0xF4 ? 0x8Fu : 0xBFu};
  return {0, 0, 0};
}

unsigned byte_at(std::string_view bytes, std::size_t index) noexcept {
  return static_cast<unsigned char>(bytes[index]);
}

/// The code point whose non-ASCII lead is at `index`, moving `index` behind it or behind the invalid subpart.
char32_t decode_sequence(std::string_view bytes, std::size_t& index) noexcept {
  const unsigned first = byte_at(bytes, index++);
  auto [trailing, lowest, highest] = lead_of(first);
  if (trailing == 0) return replacement_character;
  char32_t c = first & (0x3Fu >> trailing);
  for (; trailing > 0; --trailing) {
    if (index == bytes.size()) return replacement_character;
    const unsigned next = byte_at(bytes, index);
    if (next < lowest || next > highest) return replacement_character;
    c = c << 6 | (next & 0x3F);
    lowest = 0x80;
    highest = 0xBF;
    ++index;
  }
  return c;
}

}  // namespace

std::u16string decode_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return decode_utf8_with_mark(bytes);
}

std::u16string decode_utf8_with_mark(std::string_view bytes) {
  std::u16string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const unsigned byte = byte_at(bytes, i);
    if (byte < 0x80) {
      out.push_back(static_cast<char16_t>(byte));
      ++i;
      continue;
    }
    const char32_t c = decode_sequence(bytes, i);
    if (c < 0x10000) {
      out.push_back(static_cast<char16_t>(c));
    } else {
      out.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
      out.push_back(static_cast<char16_t>(0xDC00 + (c & 0x3FF)));
    }
  }
  return out;
}

std::string encode_utf8(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) append_utf8(next_code_point(text, i), out);
  return out;
}

}  // namespace nystrom
