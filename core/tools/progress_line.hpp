#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "terminal.hpp"

namespace nystrom::tools {

/// The share of a long text that has been read, on a terminal's line that is wiped at the end.
class ProgressLine {
 public:
  ProgressLine() = default;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }

  void show(double fraction) {
    if (!terminal_ || std::chrono::steady_clock::now() - start_ < std::chrono::milliseconds{500}) return;
    std::fprintf(stderr, "\rreading: %2.0f %%", 100 * fraction);
    shown_ = true;
  }

 private:
  bool terminal_ = is_terminal(STDERR_FILENO);
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace nystrom::tools
