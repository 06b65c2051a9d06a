#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace nystrom {

enum class Activation {
  gelu,      ///< x·Φ(x), by the error function
  gelu_tanh  ///< its approximation by tanh, Hugging Face's gelu_new
};

/// The weights a_t of the tokens' verdicts w·h_t in a text's: all alike, or softmax_t(u·h_t).
enum class Pooling { mean, softmax };

/// A model's shape and rules, as its config.json gives them (Hugging Face's Nystromformer keys and ours).
struct Config {
  std::string model_name;
  std::size_t vocab_size = 0;
  std::size_t hidden_size = 0;  ///< >= 2
  std::size_t num_hidden_layers = 0;
  std::size_t num_attention_heads = 0;  ///< divides hidden_size
  std::size_t intermediate_size = 0;
  std::size_t max_position_embeddings = 0;
  std::size_t type_vocab_size = 0;
  std::size_t num_landmarks = 0;
  std::size_t conv_kernel_size = 0;  ///< odd
  std::size_t exact_up_to = 0;       ///< texts of up to this many tokens get exact softmax attention; >= num_landmarks
  std::size_t position_offset = 0;   ///< token i has position offset + (i mod max_position_embeddings)
  Activation hidden_act = Activation::gelu;
  Pooling pooling = Pooling::mean;
  float layer_norm_eps = 0;
  float temperature = 1;              ///< divides the raw logit
  std::array<std::string, 2> labels;  ///< id2label: negative first

  // from_json refuses zero heads, which the analyzer can't know.
  // NOLINTNEXTLINE(clang-analyzer-core.DivideZero)
  [[nodiscard]] std::size_t head_size() const noexcept { return hidden_size / num_attention_heads; }
  [[nodiscard]] std::size_t position_rows() const noexcept { return position_offset + max_position_embeddings; }

  /// Parses and checks. Throws Error{model_invalid} naming `file_name` and the field.
  static Config from_json(std::string_view json, std::string_view file_name = "config.json");
};

}  // namespace nystrom
