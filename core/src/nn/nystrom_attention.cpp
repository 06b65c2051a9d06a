#include <algorithm>
#include <limits>

#include "nn/attention.hpp"

namespace nystrom {

using kernels::packed_size;
using kernels::Store;

void NystromAttention::prepare() {
  const auto& [config, weights, kernels, batch, work, tracer] = pass_;
  const std::size_t d = config.hidden_size;
  const std::size_t m = config.num_landmarks;
  kernels.segment_means(work.x, d, batch.rows, d, m, work.segment_means, d);
  LinearInput means = pass_.input(work.segment_means, m);
  means.apply(weights.layers[layer_].query, work.landmark_queries);
  means.apply(weights.layers[layer_].key, work.landmark_keys);
  std::fill_n(work.gathered, m * d, 0.0F);
  std::fill_n(work.row_max, config.num_attention_heads * m, -std::numeric_limits<float>::infinity());
  std::fill_n(work.row_sum, config.num_attention_heads * m, 0.0F);
}

void NystromAttention::invert(std::size_t head) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass_;
  const std::size_t d = config.hidden_size;
  const std::size_t s = config.head_size();
  const std::size_t m = config.num_landmarks;
  float* packed = work.packed_landmark_keys + head * packed_size(kernels, s, m);
  float* inverse = work.inverse + head * m * m;
  kernels.pack(work.landmark_keys + head * s, 1, d, s, m, packed);
  attention_weights(pass_, work.landmark_queries + head * s, m, packed, m, work.landmark_scores);
  HeadTrace* trace = pass_.trace(layer_, head);
  kernels.pseudo_inverse({.a = work.landmark_scores,
                          .m = m,
                          .last = inverse_iterations,
                          .z = inverse,
                          .workspace = work.inverse_workspace,
                          .residuals = trace ? trace->residuals() : nullptr});
  if (trace) trace->landmarks(work.landmark_scores, inverse);
}

void NystromAttention::gather(const Block& block) {
  for (std::size_t head = 0; head < pass_.config.num_attention_heads; ++head) gather(block, head);
}

void NystromAttention::gather(const Block& block, std::size_t head) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass_;
  const std::size_t d = config.hidden_size;
  const std::size_t s = config.head_size();
  const std::size_t m = config.num_landmarks;
  kernels.pack(work.keys + head * s, 1, d, s, block.rows, work.packed_keys);
  kernels.matmul({.a = work.landmark_queries + head * s,
                  .a_stride = d,
                  .packed = work.packed_keys,
                  .c = work.scores,
                  .c_stride = block.rows,
                  .rows = m,
                  .columns = block.rows,
                  .inner = s},
                 Store::set);
  kernels.online_softmax(work.scores, block.rows, m, block.rows, pass_.scale(), softmax_state(head));
  if (HeadTrace* trace = pass_.trace(layer_, head)) {
    trace->gathered(work.scores, block.rows, block.first_row, softmax_state(head));
  }
  kernels.scale_rows(work.gathered + head * s, d, m, s, work.rescale);
  kernels.pack(pass_.row(work.values, block.first_row) + head * s, d, 1, block.rows, s, work.packed_values);
  kernels.matmul({.a = work.scores,
                  .a_stride = block.rows,
                  .packed = work.packed_values,
                  .c = work.gathered + head * s,
                  .c_stride = d,
                  .rows = m,
                  .columns = s,
                  .inner = block.rows},
                 Store::accumulate);
}

void NystromAttention::combine(std::size_t head) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass_;
  const std::size_t d = config.hidden_size;
  const std::size_t s = config.head_size();
  const std::size_t m = config.num_landmarks;
  if (HeadTrace* trace = pass_.trace(layer_, head)) trace->normalise(softmax_state(head), pass_.scale());
  for (std::size_t j = 0; j < m; ++j) work.rescale[j] = 1.0F / work.row_sum[head * m + j];
  kernels.scale_rows(work.gathered + head * s, d, m, s, work.rescale);
  kernels.pack(work.gathered + head * s, d, 1, m, s, work.packed_values);
  kernels.matmul({.a = work.inverse + head * m * m,
                  .a_stride = m,
                  .packed = work.packed_values,
                  .c = work.landmark_values,
                  .c_stride = s,
                  .rows = m,
                  .columns = s,
                  .inner = m},
                 Store::set);
  kernels.pack(work.landmark_values, s, 1, m, s, work.packed_landmark_values + head * packed_size(kernels, m, s));
}

kernels::OnlineSoftmax NystromAttention::softmax_state(std::size_t head) const {
  const std::size_t m = pass_.config.num_landmarks;
  return {.max = pass_.work.row_max + head * m, .sum = pass_.work.row_sum + head * m, .rescale = pass_.work.rescale};
}

void NystromAttention::attend(const Block& block) {
  for (std::size_t head = 0; head < pass_.config.num_attention_heads; ++head) attend(block, head);
}

void NystromAttention::attend(const Block& block, std::size_t head) {
  const auto& [config, weights, kernels, batch, work, tracer] = pass_;
  const std::size_t d = config.hidden_size;
  const std::size_t s = config.head_size();
  const std::size_t m = config.num_landmarks;
  attention_weights(pass_, work.queries + head * s, block.rows,
                    work.packed_landmark_keys + head * packed_size(kernels, s, m), m, work.scores);
  if (HeadTrace* trace = pass_.trace(layer_, head)) trace->token_rows(work.scores, block.first_row, block.rows);
  add_to_context(pass_, layer_, head, block.first_row,
                 {.a = work.scores,
                  .a_stride = m,
                  .packed = work.packed_landmark_values + head * packed_size(kernels, m, s),
                  .c = work.context + head * s,
                  .c_stride = d,
                  .rows = block.rows,
                  .columns = s,
                  .inner = m});
}

}  // namespace nystrom
