#include "nn/head_trace.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "model/aligned.hpp"
#include "nn/batch.hpp"
#include "nn/encoder.hpp"

namespace nystrom {
namespace {

// The network was trained with six. These make as many landmarks as tokens the exact attention, to 1e-3.
constexpr std::size_t recomputed_iterations = 16;

Matrix zeros(std::size_t rows, std::size_t columns) {
  const std::size_t size = addressable<float>(std::uint64_t{rows} * columns);
  return {.rows = rows, .columns = columns, .values = std::vector<float>(size)};
}

float* row_of(Matrix& matrix, std::size_t row) { return matrix.values.data() + row * matrix.columns; }

void add(const float* values, std::size_t count, float* sums) {
  for (std::size_t i = 0; i < count; ++i) sums[i] += values[i];
}

float norm(const float* x, std::size_t size) {
  float squares = 0;
  for (std::size_t i = 0; i < size; ++i) squares += x[i] * x[i];
  return std::sqrt(squares);
}

void keep(std::vector<float>& kept, const float* rows, std::size_t stride, std::size_t first, std::size_t count,
          std::size_t size) {
  if (kept.empty()) return;
  for (std::size_t i = 0; i < count; ++i) std::copy_n(rows + i * stride, size, kept.data() + (first + i) * size);
}

}  // namespace

HeadTrace::HeadTrace(std::size_t layer, std::size_t head, const TraceRequest& request, const Config& config, bool exact,
                     const Bins& bins, std::size_t tokens)
    : bins_(bins),
      tokens_(tokens),
      head_size_(config.head_size()),
      landmarks_(request.landmarks),
      exact_rows_(request.exact_rows) {
  trace_.layer = layer;
  trace_.head = head;
  trace_.exact = exact && !recomputed();
  trace_.bins = bins.spans();
  trace_.local_share.resize(bins.size());
  if (trace_.exact) {
    trace_.weights = zeros(bins.size(), bins.size());
  } else {
    set_landmarks(recomputed() ? landmarks_ : config.num_landmarks);
  }
  if (recomputed() || !exact_rows_.empty()) {
    queries_.resize(tokens * head_size_);
    keys_.resize(tokens * head_size_);
  }
  trace_.exact_rows = zeros(exact_rows_.size(), exact_rows_.empty() ? 0 : tokens);
}

void HeadTrace::set_landmarks(std::size_t m) {
  trace_.landmarks = segments(tokens_, m);
  trace_.weights = zeros(bins_.size(), m);
  trace_.token_to_landmark = zeros(bins_.size(), m);
  trace_.landmark_to_landmark = zeros(m, m);
  trace_.inverse = zeros(m, m);
  trace_.landmark_to_token = zeros(m, bins_.size());
  trace_.residual.resize((recomputed() ? recomputed_iterations : inverse_iterations) + 1);
  block_max_.resize(m * ((tokens_ + block_rows - 1) / block_rows));
}

void HeadTrace::exact_rows(const float* weights, std::size_t stride, std::size_t first, std::size_t rows) {
  if (!trace_.exact) return;
  for (std::size_t i = 0; i < rows; ++i) {
    float* sums = row_of(trace_.weights, bins_.of(first + i));
    for (std::size_t token = 0; token < tokens_; ++token) sums[bins_.of(token)] += weights[i * stride + token];
  }
}

void HeadTrace::token_rows(const float* weights, std::size_t first, std::size_t rows) {
  if (recomputed()) return;
  const std::size_t m = trace_.token_to_landmark.columns;
  for (std::size_t i = 0; i < rows; ++i) {
    add(weights + i * m, m, row_of(trace_.token_to_landmark, bins_.of(first + i)));
  }
}

void HeadTrace::gathered(const float* exponentials, std::size_t columns, std::size_t first,
                         const kernels::OnlineSoftmax& state) {
  if (recomputed()) return;
  Matrix& b = trace_.landmark_to_token;
  const std::size_t open = bins_.of(first);
  const std::size_t blocks = block_max_.size() / b.rows;
  for (std::size_t j = 0; j < b.rows; ++j) {
    float* sums = row_of(b, j);
    if (bins_.start(open) < first) sums[open] *= state.rescale[j];
    for (std::size_t i = 0; i < columns; ++i) sums[bins_.of(first + i)] += exponentials[j * columns + i];
    block_max_[j * blocks + first / block_rows] = state.max[j];
  }
}

void HeadTrace::normalise(const kernels::OnlineSoftmax& state, float scale) {
  if (recomputed()) return;
  Matrix& b = trace_.landmark_to_token;
  const std::size_t blocks = block_max_.size() / b.rows;
  for (std::size_t j = 0; j < b.rows; ++j) {
    for (std::size_t bin = 0; bin < b.columns; ++bin) {
      const float max = block_max_[j * blocks + (bins_.end(bin) - 1) / block_rows];
      row_of(b, j)[bin] *= std::exp(scale * (max - state.max[j])) / state.sum[j];
    }
  }
}

void HeadTrace::landmarks(const float* a, const float* inverse) {
  if (recomputed()) return;
  std::copy_n(a, trace_.inverse.values.size(), trace_.landmark_to_landmark.values.begin());
  std::copy_n(inverse, trace_.inverse.values.size(), trace_.inverse.values.begin());
}

void HeadTrace::local_share(const float* attention, std::size_t attention_stride, const float* convolution,
                            std::size_t convolution_stride, std::size_t first, std::size_t rows) {
  for (std::size_t i = 0; i < rows; ++i) {
    const float local = norm(convolution + i * convolution_stride, head_size_);
    const float sum = norm(attention + i * attention_stride, head_size_) + local;
    trace_.local_share[bins_.of(first + i)] += sum > 0 ? local / sum : 0;
  }
}

void HeadTrace::queries(const float* rows, std::size_t stride, std::size_t first, std::size_t count) {
  keep(queries_, rows, stride, first, count, head_size_);
}

void HeadTrace::keys(const float* rows, std::size_t stride, std::size_t first, std::size_t count) {
  keep(keys_, rows, stride, first, count, head_size_);
}

/// out = softmax(a·packed/√head size), rows × columns; `packed` is inner = head size.
void HeadTrace::multiply(const kernels::KernelTable& kernels, const float* a, std::size_t rows, const float* packed,
                         std::size_t columns, float* out) const {
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

/// F, A, Z and B for another number of landmarks.
Steps HeadTrace::recompute(const kernels::KernelTable& kernels) {
  const std::size_t m = landmarks_;
  const std::size_t s = head_size_;
  std::vector<float> query_means(m * s);
  std::vector<float> key_means(m * s);
  kernels.segment_means(queries_.data(), s, tokens_, s, m, query_means.data(), s);
  kernels.segment_means(keys_.data(), s, tokens_, s, m, key_means.data(), s);
  AlignedFloats packed(kernels::packed_size(kernels, s, m));
  kernels.pack(key_means.data(), 1, s, s, m, packed.data());
  co_yield Step{};

  AlignedFloats workspace(kernels::pseudo_inverse_workspace(kernels, m));
  float* a = trace_.landmark_to_landmark.values.data();
  multiply(kernels, query_means.data(), m, packed.data(), m, a);
  for (std::size_t step = 0; step <= recomputed_iterations; ++step) {
    kernels.pseudo_inverse({.a = a,
                            .m = m,
                            .first = step,
                            .last = step,
                            .z = trace_.inverse.values.data(),
                            .workspace = workspace.data(),
                            .residuals = trace_.residual.data()});
    co_yield Step{};
  }

  std::vector<float> rows(block_rows * m);
  for (std::size_t first = 0; first < tokens_; first += block_rows) {
    const std::size_t count = std::min(block_rows, tokens_ - first);
    multiply(kernels, queries_.data() + first * s, count, packed.data(), m, rows.data());
    for (std::size_t i = 0; i < count; ++i) {
      add(rows.data() + i * m, m, row_of(trace_.token_to_landmark, bins_.of(first + i)));
    }
    co_yield Step{};
  }

  AlignedFloats all_keys(kernels::packed_size(kernels, s, tokens_));
  kernels.pack(keys_.data(), 1, s, s, tokens_, all_keys.data());
  std::vector<float> row(tokens_);
  for (std::size_t j = 0; j < m; ++j) {
    multiply(kernels, query_means.data() + j * s, 1, all_keys.data(), tokens_, row.data());
    float* sums = row_of(trace_.landmark_to_token, j);
    for (std::size_t token = 0; token < tokens_; ++token) sums[bins_.of(token)] += row[token];
    co_yield Step{};
  }
}

Steps HeadTrace::compute_exact_rows(const kernels::KernelTable& kernels) {
  AlignedFloats packed(kernels::packed_size(kernels, head_size_, tokens_));
  kernels.pack(keys_.data(), 1, head_size_, head_size_, tokens_, packed.data());
  for (std::size_t i = 0; i < exact_rows_.size(); ++i) {
    multiply(kernels, queries_.data() + exact_rows_[i] * head_size_, 1, packed.data(), tokens_,
             row_of(trace_.exact_rows, i));
    co_yield Step{};
  }
}

Steps HeadTrace::finish(const kernels::KernelTable& kernels) {
  if (recomputed()) {
    for (Steps steps = recompute(kernels); steps.next();) co_yield Step{};
  }
  if (!exact_rows_.empty()) {
    for (Steps steps = compute_exact_rows(kernels); steps.next();) co_yield Step{};
  }
  Matrix& rows = trace_.exact ? trace_.weights : trace_.token_to_landmark;
  for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
    const float share = 1.0F / static_cast<float>(bins_.end(bin) - bins_.start(bin));
    for (std::size_t j = 0; j < rows.columns; ++j) row_of(rows, bin)[j] *= share;
    trace_.local_share[bin] *= share;
  }
  if (trace_.exact) co_return;
  const std::size_t m = trace_.inverse.rows;
  AlignedFloats packed(kernels::packed_size(kernels, m, m));
  kernels.pack(trace_.inverse.values.data(), m, 1, m, m, packed.data());
  for (std::size_t first = 0; first < bins_.size(); first += block_rows) {
    co_yield Step{};
    kernels.matmul({.a = row_of(rows, first),
                    .a_stride = m,
                    .packed = packed.data(),
                    .c = row_of(trace_.weights, first),
                    .c_stride = m,
                    .rows = std::min(block_rows, bins_.size() - first),
                    .columns = m,
                    .inner = m},
                   kernels::Store::set);
  }
}

}  // namespace nystrom
