#pragma once

// Applies an entry of tests/fixtures/damaged.json, whose "about" says what the operations mean.

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "safetensors_file.hpp"

namespace damage {

inline std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

inline std::size_t header_length(const std::string& safetensors) {
  std::uint64_t length = 0;
  std::memcpy(&length, safetensors.data(), sizeof length);
  return static_cast<std::size_t>(length);
}

inline std::string with_header(const std::string& safetensors, const std::string& header) {
  return safetensors_file(header, std::string_view(safetensors).substr(8 + header_length(safetensors)));
}

inline std::string header_of(const std::string& safetensors) {
  return safetensors.substr(8, header_length(safetensors));
}

inline std::string write(std::string bytes, const nlohmann::json& change) {
  std::size_t offset = change.at("offset");
  if (change.contains("tensor")) {
    const auto header = nlohmann::json::parse(header_of(bytes));
    offset += 8 + header_length(bytes) + header.at(change["tensor"]).at("data_offsets").at(0).get<std::size_t>();
  }
  const auto written = from_hex(change.at("hex"));
  return bytes.replace(offset, written.size(), written);
}

inline std::string replace(std::string bytes, const nlohmann::json& change) {
  const std::string from = change.at("from");
  return bytes.replace(bytes.find(from), from.size(),
                       change.contains("hex") ? from_hex(change["hex"]) : change.at("to").get<std::string>());
}

/// The file's bytes with the damage done.
inline std::string apply(const nlohmann::json& entry, const std::string& bytes) {
  if (entry.contains("keep")) {
    const std::ptrdiff_t keep = entry["keep"];
    return bytes.substr(0, keep < 0 ? bytes.size() - static_cast<std::size_t>(-keep) : static_cast<std::size_t>(keep));
  }
  if (entry.contains("write")) {
    return write(bytes, entry["write"]);
  }
  if (entry.contains("replace")) {
    return replace(bytes, entry["replace"]);
  }
  const bool is_safetensors = entry.at("file") == "model.safetensors";
  const auto document =
      nlohmann::json::parse(is_safetensors ? header_of(bytes) : bytes).patch(entry.at("patch")).dump();
  return is_safetensors ? with_header(bytes, document) : document;
}

}  // namespace damage
