#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nystrom {

inline constexpr char32_t replacement_character = 0xFFFD;

/// The code point that starts at unit `index`, moving `index` behind it; a lone surrogate reads as U+FFFD.
inline char32_t next_code_point(std::u16string_view text, std::size_t& index) noexcept {
  const char32_t unit = text[index++];
  if ((unit & 0xF800) != 0xD800) return unit;
  if (unit >= 0xDC00 || index == text.size() || (text[index] & 0xFC00) != 0xDC00) return replacement_character;
  return 0x10000 + ((unit & 0x3FF) << 10) + (text[index++] & 0x3FF);
}

/// decode_utf8 that keeps a byte order mark.
[[nodiscard]] std::u16string decode_utf8_with_mark(std::string_view bytes);

/// Appends the UTF-8 form of a code point that is no surrogate.
inline void append_utf8(char32_t c, std::string& out) {
  const auto trail = [&](int shift) { out.push_back(static_cast<char>(0x80 | ((c >> shift) & 0x3F))); };
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (c >> 6)));
    trail(0);
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (c >> 12)));
    trail(6);
    trail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (c >> 18)));
    trail(12);
    trail(6);
    trail(0);
  }
}

}  // namespace nystrom
