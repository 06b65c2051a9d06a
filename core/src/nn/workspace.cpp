#include "nn/workspace.hpp"

#include <algorithm>

#include "model/weights.hpp"

namespace nystrom {

Workspace::Workspace(Arena& arena, const Config& config, const kernels::KernelTable& kernels, const Batch& batch) {
  const std::uint64_t d = config.hidden_size;
  const std::size_t s = config.head_size();
  const std::uint64_t heads = config.num_attention_heads;
  const std::size_t m = config.num_landmarks;
  const auto packed = [&](std::size_t inner, std::size_t columns) {
    return static_cast<std::uint64_t>(kernels::packed_size(kernels, inner, columns));
  };
  std::size_t longest = 0;
  for (const Sequence& sequence : batch.sequences) longest = std::max(longest, sequence.size());
  const std::size_t attended = batch.exact ? longest : std::max(block_rows, m);

  x = arena.take(batch.rows * d);
  values = arena.take(batch.rows * d);
  keys = arena.take((batch.exact ? batch.rows : block_rows) * d);
  queries = arena.take(block_rows * d);
  context = arena.take(block_rows * std::max<std::uint64_t>(d, head_outputs));
  intermediate = arena.take(std::uint64_t{block_rows} * config.intermediate_size);
  const std::uint64_t quantised_rows = std::max(block_rows, m);
  quantised = {
      .words = arena.take<std::int32_t>(
          quantised_rows * kernels::words_per_row(kernels, std::max(config.hidden_size, config.intermediate_size))),
      .scale = arena.take(quantised_rows),
      .zero = arena.take<std::int32_t>(quantised_rows)};
  scores = arena.take(std::uint64_t{block_rows} * (batch.exact ? longest : m));
  packed_keys = arena.take(packed(s, attended));
  packed_values = arena.take(packed(attended, s));
  verdicts = arena.take(batch.rows);
  token_weights = arena.take(batch.rows);
  evidence = arena.take(batch.rows);
  if (batch.exact) return;

  segment_means = arena.take(m * d);
  landmark_queries = arena.take(m * d);
  landmark_keys = arena.take(m * d);
  packed_landmark_keys = arena.take(heads * packed(s, m));
  landmark_scores = arena.take(std::uint64_t{m} * m);
  inverse = arena.take(heads * m * m);
  inverse_workspace = arena.take(kernels::pseudo_inverse_workspace(kernels, m));
  gathered = arena.take(m * d);
  row_max = arena.take(heads * m);
  row_sum = arena.take(heads * m);
  rescale = arena.take(m);
  landmark_values = arena.take(std::uint64_t{m} * s);
  packed_landmark_values = arena.take(heads * packed(m, s));
}

}  // namespace nystrom
