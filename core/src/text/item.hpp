#pragma once

#include <cstdint>

namespace nystrom {

/// What flows between the stages of tokenisation: a character, or an added token that is already recognised.
struct Item {
  static constexpr std::int32_t no_token = -1;

  char32_t character = 0;
  std::int32_t token = no_token;
  std::uint32_t start = 0;  ///< the UTF-16 units of the original text that it stands for: [start, end)
  std::uint32_t end = 0;

  [[nodiscard]] bool is_token() const noexcept { return token != no_token; }
};

}  // namespace nystrom
