#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include <nystrom/config.hpp>
#include <nystrom/run.hpp>

namespace nystrom::tools {

/// The fields that the JavaScript package gives, in its order.
[[nodiscard]] nlohmann::ordered_json as_json(const Classification& result, const Config& config);

/// For people: "positive 97.3 %, 1234 tokens".
[[nodiscard]] std::string as_words(const Classification& result, const Config& config);

}  // namespace nystrom::tools
