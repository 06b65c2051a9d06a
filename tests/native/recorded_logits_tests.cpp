// One answer on every machine: what the WebAssembly modules said when golden/recorded_logits.json was made.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include <nystrom/model.hpp>
#include <nystrom/run.hpp>
#include <nystrom/utf8.hpp>

#include "fixture.hpp"

namespace {

using nlohmann::json;

// The shipped model is read in release builds and in wasm: under the sanitizers it takes minutes.
#ifdef NDEBUG
constexpr bool reads_shipped_model = true;
#else
constexpr bool reads_shipped_model = false;
#endif

/// The short texts, then the long ones by name, as tests/fixtures/record_logits.mjs reads them.
std::vector<std::u16string> recorded_texts() {
  std::vector<std::u16string> texts;
  for (const json& text : json::parse(read_fixture("texts/texts.json"))) {
    texts.push_back(nystrom::decode_utf8(text["text"].get<std::string>()));
  }
  std::vector<std::string> long_texts;
  for (const auto& file : std::filesystem::directory_iterator(fixture_path("texts/long"))) {
    long_texts.push_back("texts/long/" + file.path().filename().string());
  }
  std::sort(long_texts.begin(), long_texts.end());
  for (const std::string& name : long_texts) texts.push_back(nystrom::decode_utf8(read_fixture(name)));
  return texts;
}

}  // namespace

TEST_CASE("every logit is what every other build says, to the last bit") {
  const json recorded = json::parse(read_fixture("golden/recorded_logits.json"));
  const auto texts = recorded_texts();
  for (const auto& [name, logits] : recorded.items()) {
    if (name == "sentiment" && !reads_shipped_model) continue;
    const std::filesystem::path folder = fixture_path(name == "sentiment" ? "../../models/sentiment" : name);
    for (const std::string_view kernels : nystrom::available_kernels()) {
      if (kernels == "scalar") continue;  // the plain twin sums in float64
      CAPTURE(name);
      CAPTURE(kernels);
      const auto model = nystrom::Model::load(folder, {.kernels = std::string(kernels)});
      const auto results = nystrom::classify(model, texts);
      REQUIRE(results.size() == logits.size());
      for (std::size_t i = 0; i < results.size(); ++i) {
        CAPTURE(i);
        CHECK(results[i].logit == logits[i].get<double>());
      }
    }
  }
}
