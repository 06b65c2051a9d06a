// The network against the float64 twin's values (tests/fixtures/make.py), on every available kernel.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nystrom/model.hpp>
#include <nystrom/run.hpp>

#include "classify_ids.hpp"
#include "fixture.hpp"

namespace {

using ModelPointer = std::shared_ptr<const nystrom::Model>;
using nlohmann::json;

constexpr double tolerance = 1e-4;

// Every length is read in release builds and in wasm; under the sanitizers, ten times slower, one in seven.
#ifdef NDEBUG
constexpr std::size_t stride = 1;
#else
constexpr std::size_t stride = 7;
#endif

ModelPointer load(const std::string& folder, std::size_t exact_up_to, std::string_view kernels) {
  json config = json::parse(read_fixture(folder + "/config.json"));
  config["exact_up_to"] = exact_up_to;
  const std::string config_text = config.dump();
  const std::string tokenizer = read_fixture(folder + "/tokenizer.json");
  const std::string weights = read_fixture(folder + "/model.safetensors");
  return nystrom::Model::load(
      {.config = config_text, .tokenizer = tokenizer, .weights = std::as_bytes(std::span(weights))},
      {.kernels = std::string(kernels)});
}

/// Token ids of a text of every length: the one of n tokens at index n − 1.
std::vector<Ids> golden_ids() {
  return json::parse(read_fixture("golden/tiny_lengths.json"))["ids"].get<std::vector<Ids>>();
}

/// The largest distance between what was computed and what should have been, as a share of the largest entry if that is
/// above 1: those of an inverse can be hundreds.
double distance(const std::vector<float>& actual, const json& expected) {
  REQUIRE(actual.size() == expected.size());
  double largest = 0;
  double size = 1;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const auto truth = expected[i].get<double>();
    const double difference = std::abs(static_cast<double>(actual[i]) - truth);
    largest = std::isnan(difference) ? difference : std::max(largest, difference);
    size = std::max(size, std::abs(truth));
  }
  return largest / size;
}

double distance(const nystrom::Matrix& actual, const json& expected) {
  REQUIRE(actual.rows == expected["rows"]);
  REQUIRE(actual.columns == expected["columns"]);
  return distance(actual.values, expected["values"]);
}

void check_trace(const nystrom::AttentionTrace& trace, const json& expected) {
  CHECK(trace.exact == expected["exact"].get<bool>());
  CHECK(distance(trace.weights, expected["weights"]) <= tolerance);
  CHECK(distance(trace.local_share, expected["localShare"]) <= tolerance);
  if (trace.exact) return;
  CHECK(distance(trace.token_to_landmark, expected["F"]) <= tolerance);
  CHECK(distance(trace.landmark_to_landmark, expected["A"]) <= tolerance);
  CHECK(distance(trace.inverse, expected["Z"]) <= tolerance);
  CHECK(distance(trace.landmark_to_token, expected["B"]) <= tolerance);
  CHECK(distance(trace.residual, expected["residual"]) <= tolerance);
}

/// `binned` against the same head with a bin a token.
void check_bins(const nystrom::AttentionTrace& binned, const nystrom::AttentionTrace& whole) {
  CHECK(binned.inverse.values == whole.inverse.values);
  CHECK(binned.bins.front().start == 0);
  CHECK(binned.bins.back().end == whole.local_share.size());
  const auto mean = [](const nystrom::Span& bin, const auto& value) {
    double sum = 0;
    for (std::size_t i = bin.start; i < bin.end; ++i) sum += value(i);
    return sum / (bin.end - bin.start);
  };
  const auto at = [](const nystrom::Matrix& matrix, std::size_t i, std::size_t j) {
    return static_cast<double>(matrix.values[i * matrix.columns + j]);
  };
  double largest = 0;
  const auto compare = [&](double actual, double expected) {
    largest = std::max(largest, std::isnan(actual) ? INFINITY : std::abs(actual - expected));
  };
  for (std::size_t b = 0; b < binned.bins.size(); ++b) {
    const nystrom::Span bin = binned.bins[b];
    const double tokens = bin.end - bin.start;
    compare(static_cast<double>(binned.local_share[b]),
            mean(bin, [&](std::size_t i) { return static_cast<double>(whole.local_share[i]); }));
    for (std::size_t j = 0; j < whole.landmarks.size(); ++j) {
      compare(at(binned.token_to_landmark, b, j),
              mean(bin, [&](std::size_t i) { return at(whole.token_to_landmark, i, j); }));
      compare(at(binned.weights, b, j), mean(bin, [&](std::size_t i) { return at(whole.weights, i, j); }));
      compare(at(binned.landmark_to_token, j, b),
              tokens * mean(bin, [&](std::size_t i) { return at(whole.landmark_to_token, j, i); }));
    }
    for (std::size_t c = 0; whole.exact && c < binned.bins.size(); ++c) {
      const nystrom::Span other = binned.bins[c];
      compare(at(binned.weights, b, c), mean(bin, [&](std::size_t i) {
                return (other.end - other.start) * mean(other, [&](std::size_t j) { return at(whole.weights, i, j); });
              }));
    }
  }
  CHECK(largest <= 1e-5);
}

}  // namespace

TEST_CASE("every length up to 300 gives the twin's logit") {
  const json golden = json::parse(read_fixture("golden/tiny_lengths.json"));
  const auto ids = golden["ids"].get<std::vector<Ids>>();
  std::vector<Ids> read;
  for (std::size_t i = 0; i < ids.size(); i += stride) {
    read.push_back(ids[i]);
  }
  for (const std::string_view kernels : nystrom::available_kernels()) {
    for (const json& logits : golden["logits"]) {
      CAPTURE(kernels);
      CAPTURE(logits["exact_up_to"].get<std::size_t>());
      nystrom::Run run(load(logits["model"], logits["exact_up_to"], kernels));
      const auto results = classify(run, read);
      std::size_t close = 0;
      for (std::size_t i = 0; i < read.size(); ++i) {
        CAPTURE(read[i].size());
        const double difference = std::abs(results[i].logit - logits["values"][i * stride].get<double>());
        CHECK(difference <= logits["tolerance"].get<double>());
        close += difference <= tolerance ? 1 : 0;
      }
      CHECK(static_cast<double>(close) >= logits["close"].get<double>() * static_cast<double>(read.size()));
    }
  }
}

TEST_CASE("a head's matrices are the twin's") {
  const json golden = json::parse(read_fixture("golden/tiny_traces.json"));
  const auto ids = golden_ids();
  const std::string folder = golden["model"];
  const std::size_t exact_up_to = json::parse(read_fixture(folder + "/config.json"))["exact_up_to"];
  for (const std::string_view kernels : nystrom::available_kernels()) {
    const ModelPointer model = load(folder, exact_up_to, kernels);
    for (const json& expected : golden["traces"]) {
      CAPTURE(kernels);
      CAPTURE(expected["n"].get<std::size_t>());
      nystrom::Run run(model);
      run.begin_ids({ids[expected["n"].get<std::size_t>() - 1]},
                    {.trace = nystrom::TraceRequest{.layer = expected["layer"], .head = expected["head"]}});
      finish(run);
      const auto traces = run.take_traces().heads;
      REQUIRE(traces.size() == 1);
      check_trace(traces.front(), expected);
    }
  }
}

TEST_CASE("other landmarks and exact rows of a head are the twin's") {
  const json golden = json::parse(read_fixture("golden/tiny_views.json"));
  const auto ids = golden_ids();
  for (const std::string_view kernels : nystrom::available_kernels()) {
    const ModelPointer model = load(golden["model"], 8, kernels);
    for (const json& expected : golden["traces"]) {
      CAPTURE(kernels);
      CAPTURE(expected["n"].get<std::size_t>());
      nystrom::Run run(model);
      run.begin_ids({ids[expected["n"].get<std::size_t>() - 1]},
                    {.trace = nystrom::TraceRequest{.layer = expected["layer"],
                                                    .head = expected["head"],
                                                    .landmarks = expected["m"],
                                                    .exact_rows = expected["rows"]}});
      finish(run);
      const auto traces = run.take_traces().heads;
      REQUIRE(traces.size() == 1);
      check_trace(traces.front(), expected);
      CHECK(distance(traces.front().exact_rows, expected["exactRows"]) <= tolerance);
    }
  }
}

TEST_CASE("bins are means of rows and sums of columns, of every head at once") {
  const ModelPointer model = load("tiny-model", 20, {});
  for (const std::size_t n : {19U, 150U, 300U}) {
    const Ids ids = golden_ids()[n - 1];
    for (const std::size_t bins : {1U, 7U, 16U}) {
      nystrom::Run run(model);
      run.begin_ids({ids}, {.trace = nystrom::TraceRequest{.bins = bins}});
      finish(run);
      const auto binned = run.take_traces().heads;
      REQUIRE(binned.size() == 4);
      for (const nystrom::AttentionTrace& trace : binned) {
        CAPTURE(n);
        CAPTURE(bins);
        run.begin_ids({ids}, {.trace = nystrom::TraceRequest{.layer = trace.layer, .head = trace.head}});
        finish(run);
        check_bins(trace, run.take_traces().heads.front());
      }
    }
  }
}

TEST_CASE("every token's evidence is the twin's, and adds up to the logit") {
  const json golden = json::parse(read_fixture("golden/tiny_evidence.json"));
  const auto ids = golden_ids();
  for (const std::string_view kernels : nystrom::available_kernels()) {
    for (const json& expected : golden["texts"]) {
      const std::string folder = expected["model"];
      CAPTURE(kernels);
      CAPTURE(folder);
      CAPTURE(expected["n"].get<std::size_t>());
      nystrom::Run run(load(folder, json::parse(read_fixture(folder + "/config.json"))["exact_up_to"], kernels));
      run.begin_ids({ids[expected["n"].get<std::size_t>() - 1]}, {.explanation = true});
      finish(run);
      const nystrom::Explanation explanation = run.take_explanation();
      CHECK(explanation.logit == run.results().front().logit);
      CHECK(std::abs(explanation.bias - expected["bias"].get<double>()) <= tolerance);
      CHECK(distance(explanation.evidence, expected["evidence"]) <= tolerance);
      const double sum = std::accumulate(explanation.evidence.begin(), explanation.evidence.end(), explanation.bias);
      CHECK(std::abs(sum - explanation.logit) <= tolerance);
    }
  }
}

TEST_CASE("a text alone and at every place of a mixed batch has bit-equal logits") {
  const auto ids = golden_ids();
  const std::vector<std::size_t> lengths{1, 8, 300, 9, 64, 65, 2, 128, 129, 7};
  for (const char* folder : {"tiny-model", "tiny-model-packed"}) {
    for (const std::string_view kernels : nystrom::available_kernels()) {
      CAPTURE(folder);
      CAPTURE(kernels);
      nystrom::Run run(load(folder, 128, kernels));
      std::vector<Ids> batch;
      std::vector<double> alone;
      for (const std::size_t length : lengths) {
        batch.push_back(ids[length - 1]);
        alone.push_back(classify(run, {batch.back()}).front().logit);
      }
      for (std::size_t turn = 0; turn < batch.size(); ++turn) {
        const auto together = classify(run, batch);
        for (std::size_t i = 0; i < batch.size(); ++i) CHECK(together[i].logit == alone[i]);
        std::rotate(batch.begin(), batch.begin() + 1, batch.end());
        std::rotate(alone.begin(), alone.begin() + 1, alone.end());
      }
    }
  }
}

TEST_CASE("the smallest budget gives the same answer, and progress rises to exactly 1") {
  const auto ids = golden_ids();
  nystrom::Run run(load("tiny-model", 128, {}));
  const double whole = classify(run, {ids[299]}).front().logit;
  run.begin_ids({ids[299]});
  double fraction = 0;
  std::size_t steps = 0;
  for (nystrom::Progress progress; !progress.done; ++steps) {
    progress = run.advance(std::chrono::microseconds{0});
    CHECK(progress.fraction >= fraction);
    fraction = progress.fraction;
  }
  CHECK(fraction == 1.0);
  CHECK(steps > 10);
  CHECK(run.results().front().logit == whole);
}
