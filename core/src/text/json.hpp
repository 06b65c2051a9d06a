#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace nystrom {

/// Parses a file of the model folder. Throws Error{model_invalid} naming `file_name` and the place for what isn't JSON,
/// for a key that appears twice in one object and for nesting deeper than any such file has.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, std::string_view file_name);

/// `value` as JSON in plain ASCII, shortened to fit an error message.
[[nodiscard]] std::string as_text(const nlohmann::json& value);

/// Throws Error{model_invalid} with the message "file_name: problem".
[[noreturn]] void fail_invalid(std::string_view file_name, const std::string& problem);

}  // namespace nystrom
