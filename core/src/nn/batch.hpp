#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nystrom {

/// Rows that one step works on: enough to use the weights well, few enough that a step takes milliseconds and its
/// intermediate rows stay in the second-level cache.
inline constexpr std::size_t block_rows = 64;

/// One text's tokens within a batch.
struct Sequence {
  std::size_t text = 0;       ///< index into the run's texts
  std::size_t first_row = 0;  ///< where its tokens start in the batch
  std::span<const std::int32_t> ids;

  [[nodiscard]] std::size_t size() const noexcept { return ids.size(); }
};

/// A run of rows of one sequence. Its borders depend on the sequence alone, so that sums taken stretch by stretch do
/// too.
struct Stretch {
  std::size_t sequence = 0;  ///< index into the batch's sequences
  std::size_t first = 0;     ///< first token, within the sequence
  std::size_t rows = 0;
};

/// Neighbouring rows of a batch: linear layers run over all of them, attention stretch by stretch.
struct Block {
  std::size_t first_row = 0;
  std::size_t rows = 0;
  std::vector<Stretch> stretches;
};

/// Tokens that go through the network together, laid end to end without padding: short texts that are read exactly, or
/// one text that is read through landmarks.
struct Batch {
  bool exact = false;
  std::size_t rows = 0;
  std::vector<Sequence> sequences;
  std::vector<Block> blocks;
};

/// Puts sequences of up to `exact_up_to` tokens together and leaves each longer one alone.
[[nodiscard]] std::vector<Batch> plan_batches(std::span<const Sequence> sequences, std::size_t exact_up_to);

}  // namespace nystrom
