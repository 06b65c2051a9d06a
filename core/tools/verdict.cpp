#include "verdict.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace nystrom::tools {
namespace {

const std::string& label_of(const Classification& result, const Config& config) {
  return config.labels.at(result.logit > 0 ? 1 : 0);
}

double score_of(const Classification& result) { return std::max(result.positive, 1 - result.positive); }

}  // namespace

nlohmann::ordered_json as_json(const Classification& result, const Config& config) {
  nlohmann::ordered_json json;
  json["label"] = nullptr;
  if (!result.empty) json["label"] = label_of(result, config);
  json["score"] = score_of(result);
  json["scores"] = {{config.labels[0], 1 - result.positive}, {config.labels[1], result.positive}};
  json["logit"] = result.logit;
  json["tokens"] = result.tokens;
  json["unknownTokens"] = result.unknown_tokens;
  json["truncated"] = result.truncated;
  json["empty"] = result.empty;
  return json;
}

nlohmann::ordered_json as_json(const Error& error) {
  return {{"error", {{"code", name_of(error.code())}, {"message", error.what()}}}};
}

std::string json_line(const nlohmann::ordered_json& fields, const std::optional<std::string>& file) {
  nlohmann::ordered_json json;
  if (file) json["file"] = *file;
  json.update(fields);
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string as_words(const Classification& result, const Config& config) {
  if (result.empty) return "no text, no verdict";
  std::array<char, 16> percent{};
  std::snprintf(percent.data(), percent.size(), "%.1f %%", 100 * score_of(result));
  const std::string tokens = std::to_string(result.tokens) + " tokens";
  const bool mostly_known = 10 * result.unknown_tokens <= result.tokens;
  return label_of(result, config) + " " + percent.data() + ", " +
         (result.truncated ? "the first " + tokens + " of a longer text" : tokens) +
         (mostly_known ? "" : ", " + std::to_string(result.unknown_tokens) + " of them unknown to the model");
}

}  // namespace nystrom::tools
