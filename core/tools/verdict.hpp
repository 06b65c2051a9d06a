#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include <nystrom/config.hpp>
#include <nystrom/error.hpp>
#include <nystrom/run.hpp>

namespace nystrom::tools {

/// The fields that the JavaScript package gives, in its order.
[[nodiscard]] nlohmann::ordered_json as_json(const Classification& result, const Config& config);

/// {"error": {"code", "message"}}
[[nodiscard]] nlohmann::ordered_json as_json(const Error& error);

/// One line of output: the fields, after "file" if there is one. A file's name need not be UTF-8.
[[nodiscard]] std::string json_line(const nlohmann::ordered_json& fields, const std::optional<std::string>& file);

/// For people: "positive 97.3 %, 1234 tokens".
[[nodiscard]] std::string as_words(const Classification& result, const Config& config);

}  // namespace nystrom::tools
