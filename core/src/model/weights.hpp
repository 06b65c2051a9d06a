#pragma once

#include <cstddef>
#include <vector>

#include <nystrom/config.hpp>

#include "kernels/kernels.hpp"
#include "model/aligned.hpp"

namespace nystrom {

class Safetensors;

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
  AlignedFloats classifier;  ///< hidden
  float classifier_bias = 0;
  std::size_t parameters = 0;  ///< trained numbers in all of the above
};

/// Takes the tensors that `config` describes out of a file and packs the matrices for `kernels`. An int8 tensor T of
/// rows × columns needs a float32 tensor T_scale of `rows`: value = int8 · scale[row], int8 in [-127, 127].
/// Throws Error{model_invalid} naming file and tensor, std::bad_alloc.
[[nodiscard]] Weights read_weights(const Config& config, const Safetensors& file, const kernels::KernelTable& kernels);

}  // namespace nystrom
