#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace nystrom::fuzz {

/// Ends the program, which the fuzzer takes for a finding.
inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A file among the fixtures.
inline std::string fixture(const std::string& name) {
  std::ifstream file(NYSTROM_FIXTURES "/" + name, std::ios::binary);
  require(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace nystrom::fuzz

/// What libFuzzer calls. A typed error of this library is an answer; anything else that is thrown is a finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
