#pragma once

#include <span>
#include <string_view>

#include "kernels/kernels.hpp"

namespace nystrom::kernels {

/// The tables that this machine can run, slowest ("scalar") first, fastest last.
[[nodiscard]] std::span<const KernelTable* const> available();

/// The table of that name; an empty name gives the fastest, or the one that the environment variable NYSTROM_KERNELS
/// names. Throws Error{input_invalid} that lists the available names.
[[nodiscard]] const KernelTable& select(std::string_view name = {});

}  // namespace nystrom::kernels
