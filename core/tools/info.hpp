#pragma once

#include <filesystem>

namespace nystrom::tools {

/// Prints what a model folder holds. Throws Error if it can't be loaded.
void print_info(const std::filesystem::path& folder);

}  // namespace nystrom::tools
