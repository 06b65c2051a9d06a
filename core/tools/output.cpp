#include "output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace nystrom::tools {

void print(std::string line) {
  line += '\n';
  if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fflush(stdout) == 0) return;
  // Where SIGPIPE has its default action the program has ended already.
  if (errno == EPIPE) std::_Exit(EXIT_SUCCESS);
  throw OutputError("the output can't be written: " + std::generic_category().message(errno));
}

}  // namespace nystrom::tools
