#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nystrom/config.hpp>

#include "kernels/kernels.hpp"
#include "model/aligned.hpp"
#include "model/embeddings.hpp"

namespace nystrom {

class Safetensors;

/// y = x·Wᵀ + b with W packed for the kernels in use: floats, or int8 with a scale for each output.
struct Linear {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  AlignedFloats packed;
  Aligned<std::int32_t> words;
  Aligned<std::int32_t> sums;
  AlignedFloats scale;
  AlignedFloats bias;

  [[nodiscard]] bool is_int8() const noexcept { return packed.empty(); }
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

/// What the head says of a token h: its verdict w·h + b, what softmax makes its weight of (u·h), its evidence v·h.
inline constexpr std::size_t head_outputs = 3;

/// Everything the network computes with, in float32 but for int8 layers and packed word embeddings, each array 64-byte
/// aligned.
struct Weights {
  const kernels::KernelTable* kernels = nullptr;
  Embeddings word_embeddings;         ///< vocab × hidden
  AlignedFloats position_embeddings;  ///< position_rows × hidden
  AlignedFloats type_embeddings;      ///< type_vocab × hidden
  LayerNorm embedding_norm;
  std::vector<LayerWeights> layers;
  Linear head;                 ///< head_outputs of a token
  std::size_t parameters = 0;  ///< trained numbers in all of the above
};

/// Takes the tensors that `config` describes out of a file (arrays.hpp says in which forms) and packs the matrices for
/// `kernels`. Linear layers whose matrix comes as integers with one scale a row are computed in integers. Throws
/// Error{model_invalid} naming file and tensor, std::bad_alloc.
[[nodiscard]] Weights read_weights(const Config& config, const Safetensors& file, const kernels::KernelTable& kernels);

}  // namespace nystrom
