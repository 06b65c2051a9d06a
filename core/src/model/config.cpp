#include <nystrom/config.hpp>

#include "text/json.hpp"

#include <cstdint>
#include <initializer_list>
#include <limits>

namespace nystrom {
namespace {

struct Range {
  std::uint64_t min;
  std::uint64_t max;
};

// Far above any real model, far below what overflows in products of two.
constexpr std::uint64_t most_rows = 1U << 24U;
constexpr std::uint64_t most_columns = 1U << 16U;

/// The fields of config.json, read with checks.
class Fields {
 public:
  Fields(const nlohmann::json& object, std::string_view file_name) : object_(object), file_name_(file_name) {
    if (!object.is_object()) {
      fail_invalid(file_name, "must be a JSON object, found " + as_text(object));
    }
  }

  [[noreturn]] void fail(std::string_view key, const std::string& problem) const {
    fail_invalid(file_name_, std::string(key) + " " + problem);
  }

  [[nodiscard]] const nlohmann::json* find(std::string_view key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  [[nodiscard]] const nlohmann::json& at(std::string_view key) const {
    const auto* value = find(key);
    if (value == nullptr) {
      fail(key, "is missing");
    }
    return *value;
  }

  [[nodiscard]] std::size_t size(std::string_view key, Range range) const {
    const auto& value = at(key);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() < range.min ||
        value.get<std::uint64_t>() > range.max) {
      fail(key, "must be a whole number from " + std::to_string(range.min) + " to " + std::to_string(range.max) +
                    ", found " + as_text(value));
    }
    return static_cast<std::size_t>(value.get<std::uint64_t>());
  }

  [[nodiscard]] std::size_t size(std::string_view key, Range range, std::size_t otherwise) const {
    return find(key) != nullptr ? size(key, range) : otherwise;
  }

  [[nodiscard]] float positive_number(std::string_view key) const {
    const auto& value = at(key);
    const double number = value.is_number() ? value.get<double>() : 0;
    if (number < std::numeric_limits<float>::min() || number > std::numeric_limits<float>::max()) {
      fail(key, "must be a number above 0 in float32's range, found " + as_text(value));
    }
    return static_cast<float>(number);
  }

  [[nodiscard]] float positive_number(std::string_view key, float otherwise) const {
    return find(key) != nullptr ? positive_number(key) : otherwise;
  }

  [[nodiscard]] const std::string& text(std::string_view key) const {
    const auto& value = at(key);
    if (!value.is_string()) {
      fail(key, "must be a string, found " + as_text(value));
    }
    return value.get_ref<const std::string&>();
  }

  /// Which of `choices` the field names.
  [[nodiscard]] std::size_t choice(std::string_view key, std::initializer_list<std::string_view> choices) const {
    const auto& chosen = text(key);
    std::string list;
    for (const auto* known = choices.begin(); known != choices.end(); ++known) {
      if (chosen == *known) {
        return static_cast<std::size_t>(known - choices.begin());
      }
      list += (list.empty() ? "\"" : " or \"") + std::string(*known) + "\"";
    }
    fail(key, as_text(chosen) + " is not supported: it must be " + list);
  }

  /// A field that may be left out, of which one value alone is supported.
  void only(std::string_view key, std::string_view supported) const {
    if (find(key) != nullptr) {
      static_cast<void>(choice(key, {supported}));
    }
  }

 private:
  const nlohmann::json& object_;
  std::string_view file_name_;
};

std::array<std::string, 2> read_labels(const Fields& fields) {
  const auto& labels = fields.at("id2label");
  const auto is_label = [&](const char* id) {
    return labels.contains(id) && labels[id].is_string() && !labels[id].get_ref<const std::string&>().empty();
  };
  if (!labels.is_object() || labels.size() != 2 || !is_label("0") || !is_label("1") || labels["0"] == labels["1"]) {
    fields.fail("id2label",
                "must name two labels, the negative one first, as {\"0\": \"negative\", \"1\": \"positive\"}, "
                "found " +
                    as_text(labels));
  }
  return {labels["0"].get<std::string>(), labels["1"].get<std::string>()};
}

void check_consistency(const Fields& fields, const Config& config) {
  if (config.hidden_size % config.num_attention_heads != 0) {
    fields.fail("num_attention_heads", "must divide hidden_size: " + std::to_string(config.num_attention_heads) +
                                           " does not divide " + std::to_string(config.hidden_size));
  }
  if (config.conv_kernel_size % 2 == 0) {
    fields.fail("conv_kernel_size", "must be odd, found " + std::to_string(config.conv_kernel_size));
  }
}

}  // namespace

Config Config::from_json(std::string_view json, std::string_view file_name) {
  const auto document = parse_json(json, file_name);
  const Fields fields(document, file_name);
  static_cast<void>(fields.choice("model_type", {"nystromformer"}));
  fields.only("segment_rule", "even");
  fields.only("position_rule", "repeat");

  Config config;
  config.model_name = fields.find("model_name") != nullptr ? fields.text("model_name") : "nystromformer";
  config.vocab_size = fields.size("vocab_size", {1, most_rows});
  config.hidden_size = fields.size("hidden_size", {2, most_columns});
  config.num_hidden_layers = fields.size("num_hidden_layers", {1, 1024});
  config.num_attention_heads = fields.size("num_attention_heads", {1, config.hidden_size});
  config.intermediate_size = fields.size("intermediate_size", {1, most_columns});
  config.max_position_embeddings = fields.size("max_position_embeddings", {1, most_rows});
  config.type_vocab_size = fields.size("type_vocab_size", {1, most_columns});
  config.num_landmarks = fields.size("num_landmarks", {1, 4096});
  config.conv_kernel_size = fields.size("conv_kernel_size", {1, most_columns});
  config.exact_up_to = fields.size("exact_up_to", {config.num_landmarks, most_columns}, config.num_landmarks);
  constexpr std::size_t hugging_face_offset = 2;  // fixed in its code, so its folders don't say it
  config.position_offset = fields.size("position_offset", {0, most_columns}, hugging_face_offset);
  config.hidden_act = fields.choice("hidden_act", {"gelu", "gelu_new"}) == 0 ? Activation::gelu : Activation::gelu_tanh;
  if (fields.find("pooling") != nullptr) {
    config.pooling = fields.choice("pooling", {"mean", "softmax"}) == 0 ? Pooling::mean : Pooling::softmax;
  }
  config.layer_norm_eps = fields.positive_number("layer_norm_eps");
  config.temperature = fields.positive_number("temperature", 1);
  config.labels = read_labels(fields);
  check_consistency(fields, config);
  return config;
}

}  // namespace nystrom
