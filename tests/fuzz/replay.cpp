// Gives a target the inputs of its corpus, one after the other: fuzz_NAME FILE, an input a line in hexadecimal digits.

#include <charconv>
#include <cstdio>
#include <vector>

#include "fuzz.hpp"

namespace {

std::vector<std::uint8_t> bytes_of(const std::string& digits) {
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char* const pair = digits.data() + 2 * i;
    nystrom::fuzz::require(std::from_chars(pair, pair + 2, bytes[i], 16).ptr == pair + 2);
  }
  return bytes;
}

}  // namespace

int main(int count, char** words) {
  nystrom::fuzz::require(count == 2);
  std::ifstream file(words[1]);
  int inputs = 0;
  for (std::string line; std::getline(file, line); ++inputs) {
    const auto bytes = bytes_of(line);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 1;
}
