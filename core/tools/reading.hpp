#pragma once

#include <functional>
#include <string>

#include <nystrom/run.hpp>

#include "input.hpp"

namespace nystrom::tools {

/// Reads one text to its end; `progress` hears the fraction read. Throws Error.
[[nodiscard]] Classification read(
    Run& run, std::u16string text, const std::function<void(double)>& progress = [](double) {});

/// Throws Error if the chunk was too long to be kept.
void check_length(const Chunk& chunk);

/// Throws Error{out_of_memory}, which says what to do about a text that does not fit.
[[noreturn]] void refuse_for_memory();

}  // namespace nystrom::tools
