#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nystrom::unicode {

/// What the Python `tokenizers` library, whose several Unicode versions differ, thinks of a code point.
struct Properties {
  std::uint8_t bits;
  std::uint8_t combining_rank;  ///< order among the marks after a letter under NFD; 0: stays where it is

  [[nodiscard]] constexpr bool space() const noexcept { return (bits & 1) != 0; }
  [[nodiscard]] constexpr bool removed() const noexcept { return (bits & 2) != 0; }  ///< by `clean_text`
  [[nodiscard]] constexpr bool punctuation() const noexcept { return (bits & 4) != 0; }
  [[nodiscard]] constexpr bool chinese() const noexcept { return (bits & 8) != 0; }
  [[nodiscard]] constexpr bool nonspacing_mark() const noexcept { return (bits & 16) != 0; }
  [[nodiscard]] constexpr bool word() const noexcept { return (bits & 32) != 0; }  ///< \w of a regular expression
  [[nodiscard]] constexpr bool decomposes() const noexcept { return (bits & 64) != 0; }
  [[nodiscard]] constexpr bool lowers() const noexcept { return (bits & 128) != 0; }
};

extern const std::uint8_t property_groups[];
extern const std::uint16_t property_blocks[];
extern const std::uint8_t property_numbers[];
extern const Properties property_records[];

/// `c` is a code point up to U+10FFFF.
inline Properties properties_of(char32_t c) noexcept {
  const std::uint32_t group = property_groups[c >> 9];
  const std::uint32_t block = property_blocks[(group << 5) | ((c >> 4) & 31)];
  return property_records[property_numbers[(block << 4) | (c & 15)]];
}

/// Up to four code points.
struct CodePoints {
  std::array<char32_t, 4> values{};
  std::uint32_t count = 0;

  void push_back(char32_t c) noexcept { values[count++] = c; }
  [[nodiscard]] const char32_t* begin() const noexcept { return values.data(); }
  [[nodiscard]] const char32_t* end() const noexcept { return values.data() + count; }
};

/// The full canonical decomposition of a code point that `decomposes()`.
CodePoints decompose(char32_t c) noexcept;

/// The lower case of a code point that `lowers()`: one code point, two for U+0130.
CodePoints lower(char32_t c) noexcept;

}  // namespace nystrom::unicode
