// A model as large as the shipped one against the float64 twin's logits (tests/fixtures/make.py), on every available
// kernel: sums of 384 and 1536 terms, 6 layers and 4096 tokens round more than the tiny models' do.

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include <nystrom/model.hpp>
#include <nystrom/run.hpp>

#include "classify_ids.hpp"
#include "fixture.hpp"
#include "shipped_shape.hpp"

namespace {

using nlohmann::json;

constexpr double tolerance = 1e-4;

/// Whether a text of n tokens is read with these kernels. The scalar ones take some 20 seconds for the longest text,
/// more than the others for all texts, and it has no part that 1025 tokens don't have. Under the sanitizers, ten times
/// slower, one text of each kind is left: a single token, exact attention, landmarks.
bool is_read([[maybe_unused]] std::string_view kernels, std::size_t n) {
#ifdef NDEBUG
  return n <= 1025 || kernels != "scalar";
#else
  return n == 1 || n == 33 || n == 129;
#endif
}

}  // namespace

TEST_CASE("a model of the shipped shape gives the twin's logits") {
  const json golden = json::parse(read_fixture("golden/shipped_shape.json"));
  const auto weights = shipped_shape::weights(golden);
  REQUIRE(std::to_string(shipped_shape::checksum(weights)) == golden["checksum"].get<std::string>());
  const std::string file = shipped_shape::safetensors(golden, weights);
  const std::string config = golden["config"].dump();
  const std::string tokenizer = read_fixture("tiny-model/tokenizer.json");
  for (const std::string_view kernels : nystrom::available_kernels()) {
    CAPTURE(kernels);
    nystrom::Run run(
        nystrom::Model::load({.config = config, .tokenizer = tokenizer, .weights = std::as_bytes(std::span(file))},
                             {.kernels = std::string(kernels)}));
    for (const json& text : golden["texts"]) {
      const Ids ids = text["ids"];
      if (!is_read(kernels, ids.size())) continue;
      CAPTURE(ids.size());
      CHECK(std::abs(classify(run, {ids}).front().logit - text["logit"].get<double>()) <= tolerance);
    }
  }
}
