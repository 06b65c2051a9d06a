#pragma once

#include <string>
#include <string_view>

namespace nystrom {

/// UTF-8 to UTF-16 as browsers decode it (WHATWG Encoding Standard): a byte order mark at the start is dropped and each
/// maximal invalid subpart becomes one U+FFFD. Never fails.
[[nodiscard]] std::u16string decode_utf8(std::string_view bytes);

/// UTF-16 to UTF-8; a lone surrogate becomes U+FFFD.
[[nodiscard]] std::string encode_utf8(std::u16string_view text);

}  // namespace nystrom
