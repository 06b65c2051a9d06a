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

Matrix zeros(std::size_t rows, std::size_t columns) {
  const std::size_t size = addressable<float>(std::uint64_t{rows} * columns);
  return {.rows = rows, .columns = columns, .values = std::vector<float>(size)};
}

float norm(const float* x, std::size_t size) {
  float squares = 0;
  for (std::size_t i = 0; i < size; ++i) squares += x[i] * x[i];
  return std::sqrt(squares);
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
  if (recomputed() || !exact_rows_.empty()) kept_.emplace(tokens, head_size_);
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
    bins_.add_columns(weights + i * stride, row_of(trace_.weights, bins_.of(first + i)));
  }
}

void HeadTrace::token_rows(const float* weights, std::size_t first, std::size_t rows) {
  if (recomputed()) return;
  const std::size_t m = trace_.token_to_landmark.columns;
  for (std::size_t i = 0; i < rows; ++i) bins_.add_row(weights + i * m, first + i, trace_.token_to_landmark);
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
  if (kept_) kept_->queries(rows, stride, first, count);
}

void HeadTrace::keys(const float* rows, std::size_t stride, std::size_t first, std::size_t count) {
  if (kept_) kept_->keys(rows, stride, first, count);
}

Steps HeadTrace::finish(const kernels::KernelTable& kernels) {
  if (kept_ && recomputed()) {
    for (Steps steps = kept_->through_landmarks(kernels, bins_, trace_); steps.next();) co_yield Step{};
  }
  if (kept_ && !exact_rows_.empty()) {
    Steps steps = kept_->exact_rows(kernels, exact_rows_, trace_.exact_rows);
    while (steps.next()) co_yield Step{};
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
