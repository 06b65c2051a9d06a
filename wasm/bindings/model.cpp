#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <emscripten/bind.h>
#include <emscripten/heap.h>

#include <nystrom/model.hpp>

#include "copy.hpp"
#include "guard.hpp"

namespace nystrom::bindings {
namespace {

using emscripten::val;

/// A copy in WebAssembly's memory, which is not cleared first: that takes as long as the copying.
class File {
 public:
  explicit File(const val& bytes)
      : size_(bytes["length"].as<std::size_t>()), bytes_(std::make_unique_for_overwrite<std::byte[]>(size_)) {
    copy_in(bytes, reinterpret_cast<std::uint8_t*>(bytes_.get()), size_);
  }

  [[nodiscard]] std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }
  [[nodiscard]] std::string_view text() const { return {reinterpret_cast<const char*>(bytes_.get()), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<std::byte[]> bytes_;
};

std::shared_ptr<const Model> load_model(const val& config, const val& tokenizer, const val& weights) {
  return guarded([&] {
    const File config_file(config);
    const File tokenizer_file(tokenizer);
    const File weights_file(weights);
    return Model::load(ModelFiles{config_file.text(), tokenizer_file.text(), weights_file.bytes()});
  });
}

val info(const Model& model) {
  return guarded([&] {
    const auto& config = model.config();
    auto labels = val::array();
    for (const auto& label : config.labels) labels.call<void>("push", label);
    auto object = val::object();
    object.set("model", config.model_name);
    object.set("labels", labels);
    object.set("kernels", std::string(model.kernels()));
    object.set("parameters", model.parameters());
    object.set("vocabulary", model.tokenizer().vocabulary_size());
    object.set("layers", config.num_hidden_layers);
    object.set("heads", config.num_attention_heads);
    object.set("landmarks", config.num_landmarks);
    object.set("exactUpTo", config.exact_up_to);
    return object;
  });
}

std::string token(const Model& model, std::int32_t id) {
  return guarded([&] { return std::string(model.tokenizer().token(id)); });
}

val tokenize(const Model& model, const val& units, const val& lengths, std::size_t max_tokens) {
  return guarded([&] {
    const auto encoding = model.tokenizer().encode(copy_in_texts(units, lengths).front(), max_tokens);
    auto copy = val::object();
    copy.set("ids", copy_out(encoding.ids));
    copy.set("spans", copy_out(encoding.spans));
    copy.set("unknownTokens", encoding.unknown_tokens);
    copy.set("truncated", encoding.truncated);
    return copy;
  });
}

}  // namespace

EMSCRIPTEN_BINDINGS(model) {
  emscripten::class_<Model>("Model")
      .smart_ptr<std::shared_ptr<const Model>>("SharedModel")
      .function("info", &info)
      .function("token", &token)
      .function("tokenize", &tokenize);
  emscripten::function("loadModel", &load_model);
  emscripten::function("memorySize", &emscripten_get_heap_size);
}

}  // namespace nystrom::bindings
