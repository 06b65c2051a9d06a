#include "nn/tracer.hpp"

#include <Eigen/Core>

#include <algorithm>

#include "nn/encoder.hpp"
#include "nn/segments.hpp"

namespace nystrom {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Strided = Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>;

Eigen::Map<RowMajor> view(Matrix& matrix) {
  return {matrix.values.data(), static_cast<Eigen::Index>(matrix.rows), static_cast<Eigen::Index>(matrix.columns)};
}

Strided view(const float* data, std::size_t rows, std::size_t columns, std::size_t stride) {
  return {data, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns),
          Eigen::OuterStride<>(static_cast<Eigen::Index>(stride))};
}

Matrix matrix(std::size_t rows, std::size_t columns) {
  return {.rows = rows, .columns = columns, .values = std::vector<float>(rows * columns)};
}

}  // namespace

Tracer::Tracer(TraceRequest request, const Config& config, const kernels::KernelTable& kernels, const Batch& batch) {
  const Sequence& sequence = batch.sequences.front();
  const std::size_t n = sequence.size();
  const std::size_t m = config.num_landmarks;
  trace_.layer = request.layer;
  trace_.head = request.head;
  trace_.exact = batch.exact;
  trace_.ids.assign(sequence.ids.begin(), sequence.ids.end());
  trace_.local_share.resize(n);
  trace_.weights = matrix(n, batch.exact ? n : m);
  if (batch.exact) return;
  for (std::size_t j = 0; j < m; ++j) {
    trace_.landmarks.push_back(
        {static_cast<std::uint32_t>(segment_start(n, m, j)), static_cast<std::uint32_t>(segment_start(n, m, j + 1))});
  }
  trace_.token_to_landmark = matrix(n, m);
  trace_.landmark_to_landmark = matrix(m, m);
  trace_.inverse = matrix(m, m);
  trace_.landmark_to_token = matrix(m, n);
  trace_.residual.resize(inverse_iterations + 1);
  packed_inverse_.resize(kernels::packed_size(kernels, m, m));
}

void Tracer::exact_rows(const float* source, std::size_t stride, std::size_t first, std::size_t rows) {
  view(trace_.weights).middleRows(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(rows)) =
      view(source, rows, trace_.weights.columns, stride);
}

void Tracer::token_rows(const kernels::KernelTable& kernels, const float* source, std::size_t first, std::size_t rows) {
  const std::size_t m = trace_.token_to_landmark.columns;
  std::copy_n(source, rows * m, trace_.token_to_landmark.values.data() + first * m);
  kernels.matmul({.a = source,
                  .a_stride = m,
                  .packed = packed_inverse_.data(),
                  .c = trace_.weights.values.data() + first * m,
                  .c_stride = m,
                  .rows = rows,
                  .columns = m,
                  .inner = m},
                 kernels::Store::set);
}

void Tracer::landmark_scores(const float* source, std::size_t stride, std::size_t first, std::size_t columns) {
  Matrix& target = trace_.landmark_to_token;
  view(target).middleCols(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(columns)) =
      view(source, target.rows, columns, stride);
}

void Tracer::landmark_softmax(const kernels::KernelTable& kernels, float scale) {
  Matrix& b = trace_.landmark_to_token;
  kernels.softmax(b.values.data(), b.columns, b.rows, b.columns, scale);
}

void Tracer::landmarks(const kernels::KernelTable& kernels, const float* a, const float* inverse) {
  const std::size_t count = trace_.inverse.values.size();
  const std::size_t m = trace_.inverse.rows;
  kernels.pack(inverse, m, 1, m, m, packed_inverse_.data());
  std::copy_n(a, count, trace_.landmark_to_landmark.values.begin());
  std::copy_n(inverse, count, trace_.inverse.values.begin());
}

void Tracer::local_share(const float* attention, std::size_t attention_stride, const float* convolution,
                         std::size_t convolution_stride, std::size_t first, std::size_t rows, std::size_t head_size) {
  const Eigen::VectorXf global = view(attention, rows, head_size, attention_stride).rowwise().norm();
  const Eigen::VectorXf local = view(convolution, rows, head_size, convolution_stride).rowwise().norm();
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const float sum = global[row] + local[row];
    trace_.local_share[first + i] = sum > 0 ? local[row] / sum : 0;
  }
}

}  // namespace nystrom
