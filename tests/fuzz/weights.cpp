#include <nystrom/error.hpp>
#include <nystrom/model.hpp>
#include <vector>

#include "fuzz.hpp"
#include "model/weights.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nystrom;
  static const std::string config = fuzz::fixture("tiny-model/config.json");
  static const std::string tokenizer = fuzz::fixture("tiny-model/tokenizer.json");
  try {
    const auto model = Model::load(ModelFiles{config, tokenizer, std::as_bytes(std::span(data, size))});
    // Rows of packed embeddings are unpacked when they are asked for.
    std::vector<float> row(model->config().hidden_size);
    for (const std::size_t word : {std::size_t{0}, model->config().vocab_size - 1}) {
      model->weights().word_embeddings.copy_row(word, row.data());
    }
  } catch (const Error& error) {
    fuzz::require(error.code() == ErrorCode::model_invalid);
  }
  return 0;
}
