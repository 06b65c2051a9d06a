#include "nn/classifier.hpp"

namespace nystrom {
namespace {

/// What the head says of a block's tokens.
void read_tokens(const Pass& pass, const Block& block) {
  const Workspace& work = pass.work;
  float* token = work.context;
  pass.input(pass.row(work.x, block.first_row), block.rows).apply(pass.weights.head, token);
  for (std::size_t row = block.first_row; row < block.first_row + block.rows; ++row, token += head_outputs) {
    work.verdicts[row] = token[0];
    work.token_weights[row] = token[1];
    work.evidence[row] = token[2];
  }
}

/// Σ_t a_t·value_t
double weighted_sum(const Pass& pass, const Sequence& sequence, const float* values) {
  const float* token_weights = pass.work.token_weights;
  double sum = 0;
  for (std::size_t row = sequence.first_row; row < sequence.first_row + sequence.size(); ++row) {
    sum += static_cast<double>(values[row]) * token_weights[row];
  }
  return sum;
}

}  // namespace

Steps judge(Pass pass, std::vector<double>& logits) {
  for (const Block& block : pass.batch.blocks) {
    read_tokens(pass, block);
    co_yield Step{};
  }
  logits.clear();
  for (const Sequence& sequence : pass.batch.sequences) {
    const std::size_t n = sequence.size();
    pass.kernels.softmax(pass.work.token_weights + sequence.first_row, n, 1, n, 1);
    logits.push_back(weighted_sum(pass, sequence, pass.work.verdicts) / static_cast<double>(pass.config.temperature));
  }
}

double bias(const Config& config, const Weights& weights) noexcept {
  return static_cast<double>(weights.head.bias.front()) / static_cast<double>(config.temperature);
}

std::vector<float> evidence(const Pass& pass, const Sequence& sequence, double logit) {
  const auto temperature = static_cast<double>(pass.config.temperature);
  const double own = weighted_sum(pass, sequence, pass.work.evidence) / temperature;
  const double rest = (logit - bias(pass.config, pass.weights) - own) / static_cast<double>(sequence.size());
  std::vector<float> result;
  result.reserve(sequence.size());
  for (std::size_t row = sequence.first_row; row < sequence.first_row + sequence.size(); ++row) {
    const double share = static_cast<double>(pass.work.token_weights[row]) * pass.work.evidence[row] / temperature;
    result.push_back(static_cast<float>(share + rest));
  }
  return result;
}

}  // namespace nystrom
