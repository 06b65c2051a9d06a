// A run that is left midway, and what a run refuses.

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <nystrom/error.hpp>
#include <nystrom/model.hpp>
#include <nystrom/run.hpp>

#include "classify_ids.hpp"
#include "fixture.hpp"

namespace {

using nystrom::Request;
using nystrom::Run;
using nystrom::TraceRequest;

std::shared_ptr<const nystrom::Model> tiny() { return nystrom::Model::load(fixture_path("tiny-model-packed")); }

/// Some hundred tokens, read through landmarks in many steps.
std::u16string long_text() {
  std::u16string text;
  for (int i = 0; i < 208; ++i) text += u"w" + std::u16string(1, static_cast<char16_t>(u'5' + i % 5)) + u" ";
  return text;
}

/// Steps of a run on the long text, at most `most`; how many there were.
std::size_t step(Run& run, std::size_t most) {
  std::size_t steps = 0;
  while (steps < most && !run.advance(std::chrono::microseconds{0}).done) ++steps;
  return steps;
}

const std::vector<Request>& requests() {
  static const std::vector<Request> all{
      {},
      {.explanation = true},
      {.trace = TraceRequest{.layer = 1, .head = 1}},
      {.trace = TraceRequest{.bins = 7}},
      {.trace = TraceRequest{.layer = 1, .head = 0, .landmarks = 40, .exact_rows = {0, 5}}},
  };
  return all;
}

/// What is thrown, as "CODE: message"; empty if nothing is.
template <class Work>
std::string refusal(Work work) {
  try {
    work();
  } catch (const nystrom::Error& error) {
    return std::string(nystrom::name_of(error.code())) + ": " + error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("begun again or dropped after any number of steps, a run leaves no trace of what it was on") {
  const auto model = tiny();
  const double expected = nystrom::classify(model, {u"w7 w8"}).front().logit;
  for (const Request& request : requests()) {
    Run whole(model);
    whole.begin({long_text()}, request);
    const std::size_t steps = step(whole, 1'000'000);
    REQUIRE(steps > 10);
    for (std::size_t k = 0; k <= steps; k += 1 + steps / 40) {
      CAPTURE(k);
      Run run(model);
      run.begin({long_text()}, request);
      step(run, k);
      run.begin({u"w7 w8"});
      finish(run);
      CHECK(run.results().front().logit == expected);
      Run dropped(model);
      dropped.begin({long_text()}, request);
      step(dropped, k);
    }
  }
}

TEST_CASE("the longest budget is until done") {
  const auto model = tiny();
  Run run(model);
  run.begin({long_text()});
  CHECK(run.advance(std::chrono::microseconds::max()).done);
  CHECK(run.results().front().logit == nystrom::classify(model, {long_text()}).front().logit);
}

TEST_CASE("a text that was cut before its first token is not empty") {
  Run run(tiny(), {.max_tokens = 2});
  run.begin({u"w7", u" "});
  finish(run);
  CHECK_FALSE(run.results()[0].empty);
  CHECK(run.results()[0].truncated);
  CHECK(run.results()[1].empty);
  CHECK_FALSE(run.results()[1].truncated);
}

TEST_CASE("max_tokens cuts what is explained and traced too") {
  Run run(tiny(), {.max_tokens = 9});
  run.begin({long_text()}, {.trace = TraceRequest{.layer = 0, .head = 0}, .explanation = true});
  finish(run);
  CHECK(run.results().front().truncated);
  CHECK(run.take_explanation().evidence.size() == 9);
  CHECK(run.take_traces().spans.size() == 9);
}

TEST_CASE("an empty text's evidence takes the bias back") {
  Run run(tiny());
  run.begin({u" \n"}, {.explanation = true});
  finish(run);
  const nystrom::Explanation explanation = run.take_explanation();
  REQUIRE(explanation.evidence.size() == 2);
  CHECK(explanation.logit == 0);
  CHECK(explanation.bias + explanation.evidence[0] + explanation.evidence[1] == doctest::Approx(0).epsilon(1e-6));
}

TEST_CASE("what a run refuses, it names") {
  const auto model = tiny();
  const auto begin = [&](const Request& request, std::size_t texts = 1) {
    return refusal([&] { Run(model).begin(std::vector<std::u16string>(texts, u"w7"), request); });
  };
  CHECK(begin({.explanation = true}, 2) == "INPUT_INVALID: an explanation is of exactly one text, not 2");
  CHECK(begin({.trace = TraceRequest{.bins = 4}}, 0) ==
        "INPUT_INVALID: attention is traced for exactly one text, not 0");
  CHECK(begin({.trace = TraceRequest{.layer = 2, .head = 0}}) == "INPUT_INVALID: layer must be from 0 to 1, not 2");
  CHECK(begin({.trace = TraceRequest{.layer = 0, .head = 2}}) == "INPUT_INVALID: head must be from 0 to 1, not 2");
  CHECK(begin({.trace = TraceRequest{.layer = 0}}) == "INPUT_INVALID: bins must be from 1 to 4096, not 0");
  CHECK(begin({.trace = TraceRequest{.layer = 0, .head = 0, .bins = 4097}}) ==
        "INPUT_INVALID: bins must be from 0 to 4096, not 4097");
  CHECK(begin({.trace = TraceRequest{.layer = 0, .head = 0, .landmarks = 513}}) ==
        "INPUT_INVALID: landmarks must be from 0 to 512, not 513");

  const auto begin_ids = [&](const std::vector<Ids>& ids) { return refusal([&] { Run(model).begin_ids(ids); }); };
  CHECK(begin_ids({{2, 3}, {}}) == "INPUT_INVALID: a text has no token ids, not even special ones");
  CHECK(begin_ids({{2, -1, 3}}).starts_with("INPUT_INVALID: token id -1 is not below vocab_size"));

  Run run(model);
  CHECK(refusal([&] { run.advance(); }) == "INPUT_INVALID: advance is called before begin, or after it failed");
  run.begin({long_text()}, {.explanation = true});
  CHECK(refusal([&] { static_cast<void>(run.results()); }).starts_with("INPUT_INVALID: results are asked for before"));
  CHECK(refusal([&] {
          static_cast<void>(run.take_explanation());
        }).starts_with("INPUT_INVALID: there is no explanation to take"));
  finish(run);
  CHECK(refusal([&] { static_cast<void>(run.take_traces()); }).starts_with("INPUT_INVALID: there is no trace to take"));
  CHECK(refusal([&] { static_cast<void>(run.take_explanation()); }).empty());
  CHECK(refusal([&] {
          static_cast<void>(run.take_explanation());
        }).starts_with("INPUT_INVALID: there is no explanation to take"));
}

TEST_CASE("what fails while it is read lets the run begin again") {
  const auto model = tiny();
  Run run(model);
  run.begin({u"w7"}, {.trace = TraceRequest{.layer = 0, .head = 0, .exact_rows = {9}}});
  CHECK(refusal([&] { finish(run); }).starts_with("INPUT_INVALID"));
  CHECK(refusal([&] { run.advance(); }) == "INPUT_INVALID: advance is called before begin, or after it failed");
  run.begin({u"w7"});
  finish(run);
  CHECK(run.results().front().logit == nystrom::classify(model, {u"w7"}).front().logit);
}
