#include "nn/batch.hpp"

#include <algorithm>
#include <utility>

namespace nystrom {
namespace {

// Beyond this many rows a larger batch of short texts no longer runs faster, it only takes more memory.
constexpr std::size_t batch_rows = 512;

void append(Batch& batch, Sequence sequence) {
  sequence.first_row = batch.rows;
  const std::size_t index = batch.sequences.size();
  for (std::size_t first = 0; first < sequence.size(); first += block_rows) {
    const std::size_t rows = std::min(block_rows, sequence.size() - first);
    if (batch.blocks.empty() || batch.blocks.back().rows + rows > block_rows) {
      batch.blocks.push_back({.first_row = sequence.first_row + first, .rows = 0, .stretches = {}});
    }
    Block& block = batch.blocks.back();
    block.stretches.push_back({.sequence = index, .first = first, .rows = rows});
    block.rows += rows;
  }
  batch.rows += sequence.size();
  batch.sequences.push_back(sequence);
}

}  // namespace

std::vector<Batch> plan_batches(std::span<const Sequence> sequences, std::size_t exact_up_to) {
  std::vector<Batch> batches;
  Batch together{.exact = true, .rows = 0, .sequences = {}, .blocks = {}};
  for (const Sequence& sequence : sequences) {
    if (sequence.size() > exact_up_to) {
      append(batches.emplace_back(), sequence);
      continue;
    }
    if (together.rows > 0 && together.rows + sequence.size() > batch_rows) {
      batches.push_back(std::exchange(together, {.exact = true, .rows = 0, .sequences = {}, .blocks = {}}));
    }
    append(together, sequence);
  }
  if (together.rows > 0) batches.push_back(std::move(together));
  return batches;
}

}  // namespace nystrom
