#include "text/unicode/properties.hpp"

#include <algorithm>
#include <iterator>

#include "text/code_points.hpp"

namespace nystrom::unicode {
namespace {

struct LowerRange {
  std::uint32_t first;
  std::uint32_t last;
  std::uint8_t step;
  std::int32_t delta;
};

struct LowerPair {
  char32_t upper;
  char32_t first;
  char32_t second;
};

}  // namespace

#include "text/unicode/tables.inc"

namespace {

constexpr char32_t hangul_first = 0xAC00;
constexpr char32_t hangul_last = 0xD7A3;

/// Hangul syllables are laid out by arithmetic (The Unicode Standard, section 3.12).
CodePoints decompose_hangul(char32_t c) noexcept {
  const char32_t index = c - hangul_first;
  CodePoints out;
  out.push_back(0x1100 + index / 588);
  out.push_back(0x1161 + index % 588 / 28);
  if (index % 28 != 0) out.push_back(0x11A7 + index % 28);
  return out;
}

}  // namespace

CodePoints decompose(char32_t c) noexcept {
  if (c >= hangul_first && c <= hangul_last) return decompose_hangul(c);
  const std::uint32_t plane = c >> 16;
  const auto* begin = decomposition_keys + decomposition_planes[plane];
  const auto* end = decomposition_keys + decomposition_planes[plane + 1];
  const auto* key = std::lower_bound(begin, end, c & 0xFFFF);
  const std::uint16_t place = decomposition_places[key - decomposition_keys];
  const std::u16string_view units(decomposition_pool + (place >> 4), place & 15);
  CodePoints out;
  for (std::size_t i = 0; i < units.size();) out.push_back(next_code_point(units, i));
  return out;
}

CodePoints lower(char32_t c) noexcept {
  CodePoints out;
  for (const LowerPair& pair : lower_pairs) {
    if (pair.upper != c) continue;
    out.push_back(pair.first);
    out.push_back(pair.second);
    return out;
  }
  const auto* range = std::lower_bound(std::begin(lower_ranges), std::end(lower_ranges), c,
                                       [](const LowerRange& r, char32_t value) { return r.last < value; });
  out.push_back(static_cast<char32_t>(static_cast<std::int32_t>(c) + range->delta));
  return out;
}

}  // namespace nystrom::unicode
