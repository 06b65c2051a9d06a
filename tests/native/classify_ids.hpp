#pragma once

// Texts that are token ids already, through the network.

#include <cstdint>
#include <vector>

#include <nystrom/run.hpp>

using Ids = std::vector<std::int32_t>;

inline void finish(nystrom::Run& run) {
  while (!run.advance().done) {
  }
}

inline std::vector<nystrom::Classification> classify(nystrom::Run& run, const std::vector<Ids>& ids) {
  run.begin_ids(ids);
  finish(run);
  return run.results();
}
