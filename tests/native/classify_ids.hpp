#pragma once

// Texts that are token ids already, through the network.

#include <cstdint>
#include <vector>

#include <nystrom/run.hpp>

using Ids = std::vector<std::int32_t>;

inline std::vector<nystrom::Classification> classify(nystrom::Run& run, const std::vector<Ids>& ids) {
  run.begin_ids(ids);
  while (!run.advance().done) {
  }
  return run.results();
}
