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

/// Throws Error if the chunk was too long to be kept.
void check_length(const Chunk& chunk);

/// Calls work(), an exhausted memory being an Error like any other.
template <class Work>
auto guarded(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::out_of_memory, "there is not enough memory to read this text; shorten it");
  }
}

}  // namespace nystrom::tools
