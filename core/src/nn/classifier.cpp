#include "nn/classifier.hpp"

#include <cmath>
#include <limits>

namespace nystrom {
namespace {

/// Σ softmax(weight)·value, in one pass (Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018).
class SoftmaxMean {
 public:
  void add(double value, double weight) {
    if (weight > largest_) {
      const double shrink = std::exp(largest_ - weight);
      total_ *= shrink;
      sum_ *= shrink;
      largest_ = weight;
    }
    const double share = std::exp(weight - largest_);
    total_ += share;
    sum_ += share * value;
  }

  [[nodiscard]] double value() const { return sum_ / total_; }

 private:
  double largest_ = -std::numeric_limits<double>::infinity();
  double total_ = 0;
  double sum_ = 0;
};

}  // namespace

Steps judge(Pass pass, std::vector<double>& logits) {
  std::vector<SoftmaxMean> means(pass.batch.sequences.size());
  for (const Block& block : pass.batch.blocks) {
    float* token = pass.work.context;
    pass.input(pass.row(pass.work.x, block.first_row), block.rows).apply(pass.weights.head, token);
    for (const Stretch& stretch : block.stretches) {
      for (std::size_t i = 0; i < stretch.rows; ++i, token += 2) means[stretch.sequence].add(token[0], token[1]);
    }
    co_yield Step{};
  }
  logits.clear();
  for (const SoftmaxMean& mean : means) {
    logits.push_back(mean.value() / static_cast<double>(pass.config.temperature));
  }
}

}  // namespace nystrom
