#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// A safetensors file of this header and these bytes: the header's length comes first, in 8 bytes.
inline std::string safetensors_file(const std::string& header, std::string_view data) {
  const std::uint64_t length = header.size();
  std::string file(sizeof length, '\0');
  std::memcpy(file.data(), &length, sizeof length);
  return file.append(header).append(data);
}
