#pragma once

#include <vector>

#include "kernels/kernels.hpp"
#include "model/aligned.hpp"

namespace nystrom {

/// y = x·Wᵀ + b with W packed for the kernels in use.
struct Linear {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  AlignedFloats packed;
  AlignedFloats bias;
};

struct LayerNorm {
  AlignedFloats gamma;
  AlignedFloats beta;
};

struct LayerWeights {
  Linear query, key, value, attention_output;
  AlignedFloats convolution;  ///< heads × width
  LayerNorm attention_norm;
  Linear intermediate, output;
  LayerNorm output_norm;
};

/// Everything the network computes with, in float32, each array 64-byte aligned.
struct Weights {
  const kernels::KernelTable* kernels = nullptr;
  AlignedFloats word_embeddings;      ///< vocab × hidden
  AlignedFloats position_embeddings;  ///< position_rows × hidden
  AlignedFloats type_embeddings;      ///< type_vocab × hidden
  LayerNorm embedding_norm;
  std::vector<LayerWeights> layers;
  AlignedFloats classifier;           ///< hidden
  float classifier_bias = 0;
};

}  // namespace nystrom
