#pragma once

#include <sys/stat.h>
#include <unistd.h>

namespace nystrom::tools {

/// Whether a person is at the other end. Emscripten's isatty alone takes every standard stream for a terminal.
inline bool is_terminal(int descriptor) {
  struct stat status{};
  return isatty(descriptor) != 0 && fstat(descriptor, &status) == 0 && S_ISCHR(status.st_mode);
}

}  // namespace nystrom::tools
