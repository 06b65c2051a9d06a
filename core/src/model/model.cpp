#include <nystrom/model.hpp>

#include "kernels/select.hpp"
#include "model/safetensors.hpp"
#include "model/weights.hpp"
#include "text/json.hpp"

#include <nystrom/error.hpp>

#include <new>
#include <utility>
#include <vector>

namespace nystrom {

struct Model::Data {
  Config config;
  Tokenizer tokenizer;
  Weights weights;
};

namespace {

void check_vocabulary(const Config& config, const Tokenizer& tokenizer) {
  if (tokenizer.vocabulary_size() > config.vocab_size) {
    fail_invalid("tokenizer.json", "the vocabulary has " + std::to_string(tokenizer.vocabulary_size()) +
                                       " entries, more than vocab_size in config.json, " +
                                       std::to_string(config.vocab_size));
  }
}

}  // namespace

Model::Model(std::unique_ptr<const Data> data) noexcept : data_(std::move(data)) {}

Model::~Model() = default;

std::shared_ptr<const Model> Model::load(const ModelFiles& files, const ModelOptions& options) {
  const auto& kernels = kernels::select(options.kernels);
  try {
    auto config = Config::from_json(files.config);
    auto tokenizer = Tokenizer::from_json(files.tokenizer);
    check_vocabulary(config, tokenizer);
    auto weights = read_weights(config, Safetensors(files.weights), kernels);
    return std::shared_ptr<const Model>(
        new Model(std::make_unique<const Data>(std::move(config), std::move(tokenizer), std::move(weights))));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::out_of_memory, "model.safetensors: there is not enough memory to load its " +
                                              std::to_string(files.weights.size()) + " bytes");
  }
}

const Config& Model::config() const noexcept { return data_->config; }
const Tokenizer& Model::tokenizer() const noexcept { return data_->tokenizer; }
std::string_view Model::kernels() const noexcept { return data_->weights.kernels->name; }
std::size_t Model::parameters() const noexcept { return data_->weights.parameters; }
const Weights& Model::weights() const noexcept { return data_->weights; }

std::span<const std::string_view> available_kernels() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> result;
    for (const kernels::KernelTable* table : kernels::available()) result.emplace_back(table->name);
    return result;
  }();
  return names;
}

}  // namespace nystrom
