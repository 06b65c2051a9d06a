#include "info.hpp"

#include <string>

#include <nystrom/model.hpp>

#include "output.hpp"

namespace nystrom::tools {

void print_info(const std::filesystem::path& folder) {
  const auto model = Model::load(folder);
  const Config& config = model->config();
  const auto row = [](const std::string& name, const std::string& value) {
    print(name + std::string(14 - name.size(), ' ') + value);
  };
  const auto number = [&](const std::string& name, std::size_t value) { row(name, std::to_string(value)); };
  row("model", config.model_name);
  row("folder", folder.string());
  row("labels", config.labels[0] + ", " + config.labels[1]);
  number("parameters", model->parameters());
  number("vocabulary", model->tokenizer().vocabulary_size());
  number("layers", config.num_hidden_layers);
  number("hidden size", config.hidden_size);
  number("heads", config.num_attention_heads);
  number("landmarks", config.num_landmarks);
  row("read exactly", "up to " + std::to_string(config.exact_up_to) + " tokens");
  row("kernels", std::string(model->kernels()));
}

}  // namespace nystrom::tools
