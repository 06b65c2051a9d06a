#include "nn/queries_and_keys.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/aligned.hpp"
#include "nn/batch.hpp"

namespace nystrom {

QueriesAndKeys::QueriesAndKeys(std::size_t tokens, std::size_t head_size)
    : tokens_(tokens), head_size_(head_size), queries_(tokens * head_size), keys_(tokens * head_size) {}

void QueriesAndKeys::keep(std::vector<float>& kept, const float* rows, std::size_t stride, std::size_t first,
                          std::size_t count) const {
  for (std::size_t i = 0; i < count; ++i) {
    std::copy_n(rows + i * stride, head_size_, kept.data() + (first + i) * head_size_);
  }
}

void QueriesAndKeys::queries(const float* rows, std::size_t stride, std::size_t first, std::size_t count) {
  keep(queries_, rows, stride, first, count);
}

void QueriesAndKeys::keys(const float* rows, std::size_t stride, std::size_t first, std::size_t count) {
  keep(keys_, rows, stride, first, count);
}

/// out = softmax(a·packed/√head size), rows × columns; `packed` is head size × columns.
void QueriesAndKeys::softmax_of_product(const kernels::KernelTable& kernels, const float* a, std::size_t rows,
                                        const float* packed, std::size_t columns, float* out) const {
  kernels.matmul({.a = a,
                  .a_stride = head_size_,
                  .packed = packed,
                  .c = out,
                  .c_stride = columns,
                  .rows = rows,
                  .columns = columns,
                  .inner = head_size_},
                 kernels::Store::set);
  kernels.softmax(out, columns, rows, columns, 1.0F / std::sqrt(static_cast<float>(head_size_)));
}

Steps QueriesAndKeys::through_landmarks(const kernels::KernelTable& kernels, const Bins& bins,
                                        AttentionTrace& trace) const {
  const std::size_t m = trace.landmark_to_landmark.rows;
  const std::size_t s = head_size_;
  std::vector<float> query_means(m * s);
  std::vector<float> key_means(m * s);
  kernels.segment_means(queries_.data(), s, tokens_, s, m, query_means.data(), s);
  kernels.segment_means(keys_.data(), s, tokens_, s, m, key_means.data(), s);
  AlignedFloats packed(kernels::packed_size(kernels, s, m));
  kernels.pack(key_means.data(), 1, s, s, m, packed.data());
  co_yield Step{};

  AlignedFloats workspace(kernels::pseudo_inverse_workspace(kernels, m));
  float* a = trace.landmark_to_landmark.values.data();
  softmax_of_product(kernels, query_means.data(), m, packed.data(), m, a);
  for (std::size_t step = 0; step <= recomputed_iterations; ++step) {
    kernels.pseudo_inverse({.a = a,
                            .m = m,
                            .first = step,
                            .last = step,
                            .z = trace.inverse.values.data(),
                            .workspace = workspace.data(),
                            .residuals = trace.residual.data()});
    co_yield Step{};
  }

  std::vector<float> rows(block_rows * m);
  for (std::size_t first = 0; first < tokens_; first += block_rows) {
    const std::size_t count = std::min(block_rows, tokens_ - first);
    softmax_of_product(kernels, queries_.data() + first * s, count, packed.data(), m, rows.data());
    for (std::size_t i = 0; i < count; ++i) bins.add_row(rows.data() + i * m, first + i, trace.token_to_landmark);
    co_yield Step{};
  }

  AlignedFloats all_keys(kernels::packed_size(kernels, s, tokens_));
  kernels.pack(keys_.data(), 1, s, s, tokens_, all_keys.data());
  std::vector<float> row(tokens_);
  for (std::size_t j = 0; j < m; ++j) {
    softmax_of_product(kernels, query_means.data() + j * s, 1, all_keys.data(), tokens_, row.data());
    bins.add_columns(row.data(), row_of(trace.landmark_to_token, j));
    co_yield Step{};
  }
}

Steps QueriesAndKeys::exact_rows(const kernels::KernelTable& kernels, const std::vector<std::size_t>& tokens,
                                 Matrix& out) const {
  AlignedFloats packed(kernels::packed_size(kernels, head_size_, tokens_));
  kernels.pack(keys_.data(), 1, head_size_, head_size_, tokens_, packed.data());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    softmax_of_product(kernels, queries_.data() + tokens[i] * head_size_, 1, packed.data(), tokens_, row_of(out, i));
    co_yield Step{};
  }
}

}  // namespace nystrom
