#pragma once

// The files under tests/fixtures, read for tests.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

inline std::filesystem::path fixture_path(const std::string& name) {
  return std::filesystem::path(NYSTROM_FIXTURES) / name;
}

inline std::string read_fixture(const std::string& name) {
  std::ifstream stream(fixture_path(name), std::ios::binary);
  if (!stream) {
    throw std::runtime_error("no fixture " + name);
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}
