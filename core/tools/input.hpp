#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nystrom::tools {

/// Texts and lines of up to this many bytes are read; of a longer one the rest is dropped as it comes.
inline constexpr std::size_t longest_text = 64'000'000;

/// What was read between two line ends, or to the end.
struct Chunk {
  std::string bytes;
  bool too_long = false;       ///< there were more than longest_text bytes; `bytes` is empty
  bool out_of_memory = false;  ///< they found no room; `bytes` is empty
};

/// A file or standard input, read once from its start to its end.
class Input {
 public:
  /// "-" is standard input. Throws std::system_error if the file can't be opened.
  explicit Input(const std::string& name);
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input();

  /// Everything that is left. Throws std::system_error.
  [[nodiscard]] Chunk rest();

  /// The next line without its line feed; nothing at the end. A last line needs no line feed. Throws std::system_error.
  [[nodiscard]] std::optional<Chunk> line();

 private:
  bool fill();
  Chunk take(std::optional<char> end);

  int descriptor_;
  bool owned_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace nystrom::tools
