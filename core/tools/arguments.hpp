#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace nystrom::tools {

enum class Command { classify, info, help, version };
enum class Format { text, json, json_lines };

/// A command line, understood.
struct Arguments {
  Command command = Command::help;
  std::optional<std::filesystem::path> model;
  Format format = Format::text;
  std::optional<std::string> text_field;
  std::optional<std::size_t> threads;
  std::vector<std::string> files;  ///< "-" is standard input; empty: standard input alone
};

/// The command line asks for what there isn't; what() says so in a sentence.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws UsageError.
[[nodiscard]] Arguments parse_arguments(int count, char** words);

}  // namespace nystrom::tools
