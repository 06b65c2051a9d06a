#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <nystrom/error.hpp>

namespace nystrom::tools {

/// A line that holds no text to read.
class LineError : public Error {
 public:
  explicit LineError(const std::string& message, std::optional<std::size_t> offset = std::nullopt)
      : Error(ErrorCode::input_invalid, message), offset_(offset) {}

  /// Where in the line reading stopped, in UTF-16 units, if it did.
  [[nodiscard]] std::optional<std::size_t> offset() const noexcept { return offset_; }

 private:
  std::optional<std::size_t> offset_;
};

/// The string that the JSON object `line` has at `field`, at its top level; the last one if there are several.
/// Invalid UTF-8 and lone surrogates are read as U+FFFD. Memory is a small multiple of the line's length, whatever it
/// holds. Throws LineError naming the field, or where reading what isn't JSON stopped.
[[nodiscard]] std::u16string text_of_line(std::string_view line, const std::string& field);

}  // namespace nystrom::tools
