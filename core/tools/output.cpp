#include "output.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace nystrom::tools {

void print(std::string line) {
  line += '\n';
  if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fflush(stdout) == 0) return;
  // Where SIGPIPE has its default action the program has ended already; a shell calls that status 141.
  if (errno == EPIPE) std::_Exit(128 + SIGPIPE);
  throw OutputError("the output can't be written: " + std::generic_category().message(errno));
}

}  // namespace nystrom::tools
