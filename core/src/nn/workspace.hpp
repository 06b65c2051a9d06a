#pragma once

#include <cstddef>

#include <nystrom/config.hpp>

#include "kernels/kernels.hpp"
#include "nn/arena.hpp"
#include "nn/batch.hpp"

namespace nystrom {

/// Where a batch's numbers stand while it is read. Only x and values exist for every token, keys too in an exact
/// batch, and what the head says; the rest is as large as a block. N rows, d hidden size, h heads of s, m landmarks, R
/// block rows.
struct Workspace {
  float* x = nullptr;                  ///< N × d: the current layer's input, then its output
  float* values = nullptr;             ///< N × d: V
  float* keys = nullptr;               ///< K: N × d in an exact batch, else R × d, of the current block
  float* queries = nullptr;            ///< R × d: Q of the current block
  float* context = nullptr;            ///< R × d: what attention and convolution give the current block; and what the
                                       ///< head says of it
  float* intermediate = nullptr;       ///< R × intermediate_size
  kernels::QuantisedRows quantised{};  ///< max(R, m) × hidden or intermediate size: what an int8 layer reads
  float* scores = nullptr;             ///< exact: R × longest sequence; else R × m or m × R
  float* packed_keys = nullptr;        ///< one head's Kᵀ, packed: of a sequence if exact, else of a block
  float* packed_values = nullptr;      ///< one head's V, packed, likewise; or its B·V
  float* verdicts = nullptr;           ///< N: w·h_t + b
  float* token_weights = nullptr;      ///< N: u·h_t, then a_t = softmax_t(u·h_t)
  float* evidence = nullptr;           ///< N: v·h_t

  // Of a batch read through landmarks alone:
  float* segment_means = nullptr;         ///< m × d: means of x over the segments
  float* landmark_queries = nullptr;      ///< m × d: Q̃
  float* landmark_keys = nullptr;         ///< m × d: K̃
  float* packed_landmark_keys = nullptr;  ///< h of them: K̃ᵀ, packed
  float* landmark_scores = nullptr;       ///< m × m: A of one head
  float* inverse = nullptr;               ///< h × m × m: Z
  float* inverse_workspace = nullptr;
  float* gathered = nullptr;                ///< m × d: B·V
  float* row_max = nullptr;                 ///< h × m: the online softmax of B
  float* row_sum = nullptr;                 ///< h × m
  float* rescale = nullptr;                 ///< m
  float* landmark_values = nullptr;         ///< m × s: Z·(B·V) of one head
  float* packed_landmark_values = nullptr;  ///< h of them, packed

  Workspace() = default;
  Workspace(Arena& arena, const Config& config, const kernels::KernelTable& kernels, const Batch& batch);
};

}  // namespace nystrom
