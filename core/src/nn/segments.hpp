#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nystrom/tokenizer.hpp>

namespace nystrom {

/// First token of segment j when n tokens are split evenly into m segments: with s = floor(n/m) the first
/// (s+1)·m − n segments have s tokens, the rest s+1. segment_start(n, m, m) = n.
[[nodiscard]] constexpr std::size_t segment_start(std::size_t n, std::size_t m, std::size_t j) noexcept {
  const std::size_t s = n / m;
  const std::size_t shorter = (s + 1) * m - n;
  return j * s + (j > shorter ? j - shorter : 0);
}

/// The token range of each of those segments.
[[nodiscard]] inline std::vector<Span> segments(std::size_t n, std::size_t m) {
  std::vector<Span> result;
  result.reserve(m);
  for (std::size_t j = 0; j < m; ++j) {
    result.push_back(
        {static_cast<std::uint32_t>(segment_start(n, m, j)), static_cast<std::uint32_t>(segment_start(n, m, j + 1))});
  }
  return result;
}

}  // namespace nystrom
