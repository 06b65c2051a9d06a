// Encodes texts for comparison with another tokenizer: a line of standard input is a JSON array of UTF-16 units, a line
// of standard output is [[ids], [start, end, start, end, ...]].
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "nystrom/tokenizer.hpp"

namespace {

void compare(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const auto tokenizer = nystrom::Tokenizer::from_json(content, path);
  for (std::string line; std::getline(std::cin, line);) {
    const auto units = nlohmann::json::parse(line).get<std::vector<char16_t>>();
    const auto encoding = tokenizer.encode({units.data(), units.size()});
    std::vector<std::uint32_t> spans;
    for (const nystrom::Span span : encoding.spans) spans.insert(spans.end(), {span.start, span.end});
    std::cout << nlohmann::json{encoding.ids, spans} << '\n';
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: tokenizer_compare TOKENIZER.JSON < texts > encodings\n";
    return 2;
  }
  try {
    compare(arguments[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
