#pragma once

#include <cstddef>

#include "kernels/kernels.hpp"
#include "nn/encoder.hpp"

namespace nystrom {

/// One layer's attention through landmarks, on a batch of one long sequence (Xiong et al. 2021). Order of calls:
/// prepare; invert for each head; for each block, whose K and V stand in the workspace, gather; combine for each head;
/// then for each block, whose Q and convolution stand there, attend.
class NystromAttention {
 public:
  NystromAttention(const Pass& pass, std::size_t layer) : pass_(pass), layer_(layer) {}

  void prepare();                   ///< Q̃ and K̃ from the segment means of x: the mean commutes with a linear layer
  void invert(std::size_t head);    ///< A and Z
  void gather(const Block& block);  ///< adds the block to B·V
  void combine(std::size_t head);   ///< Z·(B·V)
  void attend(const Block& block);  ///< context += F·(Z·(B·V))

 private:
  void gather(const Block& block, std::size_t head);
  void attend(const Block& block, std::size_t head);
  [[nodiscard]] kernels::OnlineSoftmax softmax_state(std::size_t head) const;  ///< of the head's B

  const Pass& pass_;
  std::size_t layer_;
};

/// Exact softmax attention of a block whose Q and convolution stand in the workspace, and K and V of the whole batch:
/// context += softmax(Q·Kᵀ/√s)·V, each stretch within its own sequence.
void attend_exactly(const Pass& pass, std::size_t layer, const Block& block);

/// out (rows × columns, contiguous) = softmax(queries·keysᵀ/√s) of one head: rows of its Q, and its keys packed.
void attention_weights(const Pass& pass, const float* queries, std::size_t rows, const float* packed_keys,
                       std::size_t columns, float* out);

/// context += weights·values of one head, `product`, whose rows start at `first_token` of their sequence. A tracer is
/// shown what attention gives beside the convolution that already stands in the context.
void add_to_context(const Pass& pass, std::size_t layer, std::size_t head, std::size_t first_token,
                    const kernels::MatMul& product);

}  // namespace nystrom
