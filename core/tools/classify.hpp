#pragma once

#include "arguments.hpp"

namespace nystrom::tools {

/// Prints a verdict for each file or line. False if a text could not be read; the others were.
[[nodiscard]] bool classify(const Arguments& arguments);

}  // namespace nystrom::tools
