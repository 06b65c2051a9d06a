#pragma once

#include <stdexcept>
#include <string>

namespace nystrom::tools {

/// What was found out could not be told; what() says why.
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writes a line to standard output at once, so that the next program in a pipe has it before the next text is read.
/// If nobody reads any more, ends this program quietly; throws OutputError if the line can't be written.
void print(std::string line);

}  // namespace nystrom::tools
