#include "nn/attention.hpp"

namespace nystrom {
namespace {

void attend(const Pass& pass, std::size_t layer, std::size_t head, const Stretch& stretch, std::size_t block_row) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass;
  const std::size_t d = config.hidden_size;
  const std::size_t s = config.head_size();
  const Sequence& sequence = batch.sequences[stretch.sequence];
  const std::size_t n = sequence.size();
  const std::size_t column = head * s;
  kernels.pack(pass.row(work.keys, sequence.first_row) + column, 1, d, s, n, work.packed_keys);
  attention_weights(pass, pass.row(work.queries, block_row) + column, stretch.rows, work.packed_keys, n, work.scores);
  if (HeadTrace* trace = pass.trace(layer, head)) trace->exact_rows(work.scores, n, stretch.first, stretch.rows);
  kernels.pack(pass.row(work.values, sequence.first_row) + column, d, 1, n, s, work.packed_values);
  add_to_context(pass, layer, head, stretch.first,
                 {.a = work.scores,
                  .a_stride = n,
                  .packed = work.packed_values,
                  .c = pass.row(work.context, block_row) + column,
                  .c_stride = d,
                  .rows = stretch.rows,
                  .columns = s,
                  .inner = n});
}

}  // namespace

void attend_exactly(const Pass& pass, std::size_t layer, const Block& block) {
  std::size_t block_row = 0;
  for (const Stretch& stretch : block.stretches) {
    for (std::size_t head = 0; head < pass.config.num_attention_heads; ++head) {
      attend(pass, layer, head, stretch, block_row);
    }
    block_row += stretch.rows;
  }
}

}  // namespace nystrom
