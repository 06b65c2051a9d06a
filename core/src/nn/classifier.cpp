#include "nn/classifier.hpp"

#include <Eigen/Core>

namespace nystrom {

double logit(const Pass& pass, const Sequence& sequence, float* pooled) {
  const std::size_t d = pass.config.hidden_size;
  pass.kernels.segment_means(pass.row(pass.work.x, sequence.first_row), d, sequence.size(), d, 1, pooled, d);
  const auto size = static_cast<Eigen::Index>(d);
  const double raw = Eigen::Map<const Eigen::VectorXf>(pass.weights.classifier.data(), size)
                         .cast<double>()
                         .dot(Eigen::Map<const Eigen::VectorXf>(pooled, size).cast<double>());
  return (raw + static_cast<double>(pass.weights.classifier_bias)) / static_cast<double>(pass.config.temperature);
}

}  // namespace nystrom
