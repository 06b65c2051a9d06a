#pragma once

#include <functional>
#include <new>
#include <string>

#include <nystrom/error.hpp>
#include <nystrom/run.hpp>

#include "input.hpp"

namespace nystrom::tools {

/// Reads one text to its end; `progress` hears the fraction read. Throws Error.
[[nodiscard]] Classification read(
    Run& run, std::u16string text, const std::function<void(double)>& progress = [](double) {});

/// Throws Error if the chunk could not be kept.
void check_kept(const Chunk& chunk);

/// What to say when memory is exhausted.
[[nodiscard]] Error out_of_memory();

/// Calls work(), an exhausted memory being an Error like any other.
template <class Work>
auto guarded(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    throw out_of_memory();
  }
}

}  // namespace nystrom::tools
