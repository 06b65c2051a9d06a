#include <doctest/doctest.h>

#include <nystrom/error.hpp>
#include <nystrom/model.hpp>

#include "damage.hpp"
#include "fixture.hpp"
#include "kernels/select.hpp"
#include "model/weights.hpp"

#include <map>
#include <optional>
#include <random>

namespace {

using nystrom::Error;
using nystrom::ErrorCode;
using nystrom::Model;

const std::string weights_name = "model.safetensors";

/// The three files of a model folder, by name.
using Folder = std::map<std::string, std::string>;

Folder read_folder(const std::string& name) {
  Folder folder;
  for (const char* file : {"config.json", "tokenizer.json", "model.safetensors"}) {
    folder[file] = read_fixture(name + "/" + file);
  }
  return folder;
}

std::shared_ptr<const Model> load(const Folder& folder) {
  return Model::load(
      {folder.at("config.json"), folder.at("tokenizer.json"), std::as_bytes(std::span(folder.at(weights_name)))},
      {.kernels = "scalar"});
}

/// What loading complains of; anything but an Error goes on as it is.
std::optional<Error> complaint(const Folder& folder) {
  try {
    static_cast<void>(load(folder));
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

void check_names_file(const std::optional<Error>& error, const std::string& file) {
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::model_invalid);
  CHECK_MESSAGE(std::string(error->what()).find(file) != std::string::npos, error->what());
}

const std::string words = "nystromformer.embeddings.word_embeddings.weight";

std::vector<float> embedding(const Model& model, std::size_t word) {
  std::vector<float> row(model.config().hidden_size);
  model.weights().word_embeddings.copy_row(word, row.data());
  return row;
}

/// The embeddings' gains' first values after `write` replaced their bytes.
std::vector<float> gains_with(const std::string& model, const std::string& hex, std::size_t count) {
  auto folder = read_folder(model);
  folder[weights_name] = damage::write(
      folder[weights_name], {{"tensor", "nystromformer.embeddings.LayerNorm.weight"}, {"offset", 0}, {"hex", hex}});
  const auto loaded = load(folder);
  const auto& gains = loaded->weights().embedding_norm.gamma;
  return {gains.begin(), gains.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

TEST_CASE("a damaged model folder gives an error that names file and field") {
  const auto document = nlohmann::json::parse(read_fixture("damaged.json"));
  for (const auto& entry : document.at("damages")) {
    const std::string name = entry.at("name");
    CAPTURE(name);
    auto folder = read_folder(entry.value("model", "tiny-model"));
    const std::string file = entry.at("file");
    const auto damaged = damage::apply(entry, folder.at(file));
    REQUIRE(damaged != folder.at(file));
    folder[file] = damaged;
    const auto error = complaint(folder);
    for (const std::string mentioned : entry.at("mentions")) {
      check_names_file(error, mentioned);
    }
  }
}

TEST_CASE("a file cut anywhere is an error that names it") {
  const auto folder = read_folder("tiny-model");
  for (const auto& [file, contents] : folder) {
    CAPTURE(file);
    const auto end = contents.find_last_not_of(" \n\r") + 1;  // JSON without its last line break is whole
    for (std::size_t i = 0; i < 150; ++i) {
      auto cut = folder;
      cut[file].resize(end * i / 150);
      check_names_file(complaint(cut), file);
    }
  }
}

TEST_CASE("a file with bytes overwritten at random loads or gives an error") {
  std::mt19937 random(1);
  for (const char* model : {"tiny-model", "tiny-model-int8"}) {
    const auto folder = read_folder(model);
    for (int i = 0; i < 600; ++i) {
      auto damaged = folder;
      auto& file = damaged[i % 3 == 0 ? "config.json" : weights_name];
      const auto region = file.size() < 8000 ? file.size() : 8 + damage::header_length(file);
      for (auto changes = 1 + random() % 4; changes > 0; --changes) {
        file[random() % region] = static_cast<char>(random());
      }
      CHECK_NOTHROW(static_cast<void>(complaint(damaged)));
    }
  }
}

TEST_CASE("config.json is read as it says") {
  const auto config = nystrom::Config::from_json(read_fixture("tiny-model/config.json"));
  CHECK(config.vocab_size == 509);
  CHECK(config.hidden_size == 64);
  CHECK(config.head_size() == 32);
  CHECK(config.num_landmarks == 8);
  CHECK(config.exact_up_to == 8);
  CHECK(config.position_rows() == 64);
  CHECK(config.hidden_act == nystrom::Activation::gelu);
  CHECK(config.layer_norm_eps == 1e-12F);
  CHECK(config.temperature == 1);
  CHECK(config.labels == std::array<std::string, 2>{"negative", "positive"});
}

TEST_CASE("keys that Hugging Face's model does not have may be left out") {
  auto document = nlohmann::json::parse(read_fixture("tiny-model/config.json"));
  for (const char* key : {"model_name", "exact_up_to", "segment_rule", "position_offset", "position_rule", "pooling",
                          "temperature", "training_lengths", "pad_token_id"}) {
    document.erase(key);
  }
  document["hidden_act"] = "gelu_new";
  const auto config = nystrom::Config::from_json(document.dump());
  CHECK(config.exact_up_to == config.num_landmarks);
  CHECK(config.position_offset == 2);
  CHECK(config.temperature == 1);
  CHECK(config.hidden_act == nystrom::Activation::gelu_tanh);
}

TEST_CASE("every number of the file is a parameter, scales aside") {
  const auto plain = read_folder("tiny-model");
  const auto data_bytes = plain.at(weights_name).size() - 8 - damage::header_length(plain.at(weights_name));
  CHECK(load(plain)->parameters() == data_bytes / 4);
  // Two more rows of positions, for position_offset 2.
  CHECK(load(read_folder("tiny-model-int8"))->parameters() == data_bytes / 4 + 2 * 64);
  // A row of pooling weights and one of evidence more.
  CHECK(load(read_folder("tiny-model-half"))->parameters() == data_bytes / 4 + 2 * 64);
  CHECK(load(read_folder("tiny-model-packed"))->parameters() == data_bytes / 4 + 2 * 64);
}

TEST_CASE("element types are converted exactly") {
  // Bit patterns from IEEE 754 (binary32, binary16).
  CHECK(gains_with("tiny-model", "0000803f000000c001000000", 3) == std::vector<float>{1.F, -2.F, 0x1p-149F});
  CHECK(gains_with("tiny-model-half", "003c00c00100ff03ff7b0080", 6) ==
        std::vector<float>{1.F, -2.F, 0x1p-24F, 0x1.ff8p-15F, 65504.F, -0.F});
}

TEST_CASE("bfloat16 and int8 are converted exactly") {
  auto half = read_folder("tiny-model-half");
  const auto conv = "nystromformer.encoder.layer.0.attention.self.conv.weight";
  half[weights_name] = damage::write(half[weights_name], {{"tensor", conv}, {"offset", 0}, {"hex", "803f49c00100"}});
  const auto model = load(half);
  const auto& convolution = model->weights().layers[0].convolution;
  CHECK(std::vector<float>(convolution.begin(), convolution.begin() + 3) ==
        std::vector<float>{1.F, -3.140625F, 0x1p-133F});

  auto whole = read_folder("tiny-model-int8");
  auto& bytes = whole[weights_name];
  bytes = damage::write(bytes, {{"tensor", words}, {"offset", 64}, {"hex", "7f81ff00"}});  // row 1
  bytes = damage::write(bytes, {{"tensor", words + "_scale"}, {"offset", 4}, {"hex", "0000003f"}});
  const auto quantised = load(whole);
  const auto row = embedding(*quantised, 1);
  CHECK(std::vector<float>(row.begin(), row.begin() + 4) == std::vector<float>{63.5F, -63.5F, -0.5F, 0.F});
}

TEST_CASE("packed numbers are unpacked exactly") {
  auto whole = read_folder("tiny-model-packed");
  auto& bytes = whole[weights_name];
  // Row 1 of 5-bit numbers, 40 bytes a row: 0 - 16, 31 - 16, 16 - 16, 1 - 16; the low bits of a byte come first.
  bytes = damage::write(bytes, {{"tensor", words}, {"offset", 40}, {"hex", "e0c300"}});
  // From column 32 on: 23 - 16, 17 - 16.
  bytes = damage::write(bytes, {{"tensor", words}, {"offset", 60}, {"hex", "3702"}});
  // Float16 scales, two a row, the second from column 32 on: 0.5 and 2.
  bytes = damage::write(bytes, {{"tensor", words + "_scale"}, {"offset", 4}, {"hex", "00380040"}});
  const auto packed = load(whole);
  const auto row = embedding(*packed, 1);
  CHECK(std::vector<float>(row.begin(), row.begin() + 4) == std::vector<float>{-8.F, 7.5F, 0.F, -7.5F});
  CHECK(std::vector<float>(row.begin() + 32, row.begin() + 34) == std::vector<float>{14.F, 2.F});

  // Row 0 of 6-bit numbers: -32, 31, 0, 1 and zeros. The sum over a row of inputs is what the kernels keep of it.
  const std::string query = "nystromformer.encoder.layer.0.attention.self.query.weight";
  std::string zeros;
  for (int i = 0; i < 15; ++i) zeros += "200882";
  bytes = damage::write(bytes, {{"tensor", query}, {"offset", 0}, {"hex", "c00f86" + zeros}});
  CHECK(load(whole)->weights().layers[0].query.sums[0] == 0);
  bytes = damage::write(bytes, {{"tensor", query}, {"offset", 0}, {"hex", "ffffff" + zeros}});
  CHECK(load(whole)->weights().layers[0].query.sums[0] == 4 * 31);
}

TEST_CASE("a packed table whose scales overflow is refused") {
  auto folder = read_folder("tiny-model-packed");
  auto& bytes = folder[weights_name];
  auto header = nlohmann::json::parse(damage::header_of(bytes));
  header[words + "_scale"]["dtype"] = "BF16";
  bytes = damage::with_header(bytes, header.dump());
  bytes = damage::write(bytes, {{"tensor", words + "_scale"}, {"offset", 0}, {"hex", "7f7f"}});
  const auto error = complaint(folder);
  check_names_file(error, weights_name);
  CHECK(std::string(error->what()).find(words + "_scale") != std::string::npos);
}

TEST_CASE("tensors may start at any byte and other tensors may stand beside ours") {
  const auto plain = read_folder("tiny-model");
  auto shifted = plain;
  auto header = nlohmann::json::parse(damage::header_of(plain.at(weights_name)));
  const std::size_t end = header.at("classifier.bias").at("data_offsets").at(1);
  header["position_ids"] = {{"dtype", "I64"}, {"shape", {1}}, {"data_offsets", {end, end + 8}}};
  header["nothing"] = {{"dtype", "F32"}, {"shape", {0, 7}}, {"data_offsets", {0, 0}}};
  for (std::size_t padding = 0; padding < 4; ++padding) {
    shifted[weights_name] =
        damage::with_header(plain.at(weights_name), header.dump() + std::string(padding, ' ')) + std::string(8, '\1');
    const auto a = load(plain);
    const auto b = load(shifted);
    for (std::size_t row = 0; row < a->config().vocab_size; ++row) CHECK(embedding(*a, row) == embedding(*b, row));
    CHECK(a->weights().layers[1].output.packed == b->weights().layers[1].output.packed);
    CHECK(a->weights().head.bias == b->weights().head.bias);
  }
}

TEST_CASE("a folder is read from disk, and a missing one is named") {
  CHECK(Model::load(fixture_path("tiny-model"))->config().model_name == "tiny");
  try {
    static_cast<void>(Model::load(fixture_path("no-such-model")));
    FAIL("loaded");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::model_not_found);
    const std::string path = fixture_path("no-such-model/config.json").string();
    CHECK_MESSAGE(std::string(error.what()).find(path) != std::string::npos, error.what());
  }
}

TEST_CASE("kernels are chosen by name") {
  for (const auto name : nystrom::available_kernels()) {
    const auto model = Model::load(fixture_path("tiny-model"), {.kernels = std::string(name)});
    CHECK(model->kernels() == name);
  }
  CHECK_THROWS_WITH_AS(static_cast<void>(Model::load(fixture_path("tiny-model"), {.kernels = "mmx"})),
                       doctest::Contains("mmx"), Error);
}
