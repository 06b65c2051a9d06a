#include "nn/attention.hpp"

namespace nystrom {
namespace {

using kernels::Store;

void attend(const Pass& pass, std::size_t layer, std::size_t head, const Stretch& stretch, std::size_t block_row) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass;
  const std::size_t d = config.hidden_size;
  const std::size_t s = config.head_size();
  const Sequence& sequence = batch.sequences[stretch.sequence];
  const std::size_t n = sequence.size();
  const std::size_t column = head * s;
  kernels.pack(pass.row(work.keys, sequence.first_row) + column, 1, d, s, n, work.packed_keys);
  kernels.matmul({.a = pass.row(work.queries, block_row) + column,
                  .a_stride = d,
                  .packed = work.packed_keys,
                  .bias = nullptr,
                  .c = work.scores,
                  .c_stride = n,
                  .rows = stretch.rows,
                  .columns = n,
                  .inner = s},
                 Store::set);
  kernels.softmax(work.scores, n, stretch.rows, n, pass.scale());
  kernels.pack(pass.row(work.values, sequence.first_row) + column, d, 1, n, s, work.packed_values);
  const kernels::MatMul product{.a = work.scores,
                                .a_stride = n,
                                .packed = work.packed_values,
                                .bias = nullptr,
                                .c = pass.row(work.context, block_row) + column,
                                .c_stride = d,
                                .rows = stretch.rows,
                                .columns = s,
                                .inner = n};
  if (tracer != nullptr && tracer->wants(layer, head)) {
    tracer->exact_rows(work.scores, n, stretch.first, stretch.rows);
    trace_local_share(pass, head, product, stretch.first);
  }
  kernels.matmul(product, Store::accumulate);
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

void trace_local_share(const Pass& pass, std::size_t head, kernels::MatMul product, std::size_t first_token) {
  const float* convolution = product.c;
  product.c = pass.work.queries + head * pass.config.head_size();
  pass.kernels.matmul(product, Store::set);
  pass.tracer->local_share(product.c, product.c_stride, convolution, product.c_stride, first_token, product.rows,
                           product.columns);
}

}  // namespace nystrom
