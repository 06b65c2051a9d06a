#include "nn/classifier.hpp"

namespace nystrom {
namespace {

/// Each token of a block to its verdict and what softmax makes its weight of.
void read_tokens(const Pass& pass, const Block& block) {
  const Workspace& work = pass.work;
  float* token = work.context;
  pass.input(pass.row(work.x, block.first_row), block.rows).apply(pass.weights.head, token);
  for (std::size_t row = block.first_row; row < block.first_row + block.rows; ++row, token += 2) {
    work.verdicts[row] = token[0];
    work.token_weights[row] = token[1];
  }
}

double weighted_mean(const Pass& pass, const Sequence& sequence) {
  const float* verdicts = pass.work.verdicts + sequence.first_row;
  float* token_weights = pass.work.token_weights + sequence.first_row;
  pass.kernels.softmax(token_weights, sequence.size(), 1, sequence.size(), 1);
  double sum = 0;
  for (std::size_t i = 0; i < sequence.size(); ++i) sum += static_cast<double>(verdicts[i]) * token_weights[i];
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
    logits.push_back(weighted_mean(pass, sequence) / static_cast<double>(pass.config.temperature));
  }
}

}  // namespace nystrom
