#include <nystrom/run.hpp>

#include <algorithm>
#include <cmath>
#include <new>
#include <string>
#include <utility>

#include <nystrom/error.hpp>

#include "nn/arena.hpp"
#include "nn/batch.hpp"
#include "nn/classifier.hpp"
#include "nn/encoder.hpp"
#include "nn/steps.hpp"

namespace nystrom {
namespace {

using Ids = std::vector<std::int32_t>;

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

void check(const Config& config, std::size_t texts, const Request& request) {
  const auto refuse = [](const std::string& what) { throw Error{ErrorCode::input_invalid, what}; };
  const auto& trace = request.trace;
  if (!trace && !request.explanation) return;
  if (texts != 1) {
    refuse((trace ? "attention is traced for" : "an explanation is of") + std::string(" exactly one text, not ") +
           std::to_string(texts));
  }
  if (!trace) return;
  const auto bound = [&](const char* name, std::size_t value, std::size_t least, std::size_t most) {
    if (value >= least && value <= most) return;
    refuse(std::string(name) + " must be from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
           std::to_string(value));
  };
  const bool one = trace->layer && trace->head;
  bound("layer", trace->layer.value_or(0), 0, config.num_hidden_layers - 1);
  bound("head", trace->head.value_or(0), 0, config.num_attention_heads - 1);
  bound("bins", trace->bins, one ? 0 : 1, 4096);
  bound("landmarks", trace->landmarks, 0, one ? 512 : 0);
  bound("the number of exact_rows", trace->exact_rows.size(), 0, one ? 64 : 0);
}

}  // namespace

struct Run::State {
  std::shared_ptr<const Model> model;
  RunOptions options;

  std::vector<std::u16string> texts;
  Request request;
  std::vector<Ids> ids;     ///< one a text
  std::vector<Span> spans;  ///< of the text that something was asked about
  std::vector<Classification> results;
  std::optional<Tracer> tracer;
  std::optional<Explanation> explanation;

  Arena arena;
  Steps steps;
  double cost_done = 0;
  double cost_total = 0;
  bool done = false;

  void start(const Request& wanted, std::size_t count) {
    request = wanted;
    results.assign(count, {});
    spans.clear();
    tracer.reset();
    explanation.reset();
    cost_done = cost_total = 0;
    done = false;
  }

  [[nodiscard]] bool asked() const { return request.trace || request.explanation; }
  void tokenise(std::size_t text);
  [[nodiscard]] std::vector<Batch> plan();
  void reserve(const std::vector<Batch>& batches);
  void conclude(const Batch& batch, const std::vector<double>& logits);
  void explain(const Pass& pass);
  [[nodiscard]] Steps work(bool tokenised);
};

void Run::State::tokenise(std::size_t text) {
  Encoding encoding = model->tokenizer().encode(texts[text], options.max_tokens);
  results[text] = {.empty = encoding.empty(),
                   .truncated = encoding.truncated,
                   .tokens = encoding.ids.size(),
                   .unknown_tokens = encoding.unknown_tokens};
  ids[text] = std::move(encoding.ids);
  if (asked()) spans = std::move(encoding.spans);
  texts[text] = {};
}

/// An empty text has no verdict, so it is read only to be looked at.
std::vector<Batch> Run::State::plan() {
  const Config& config = model->config();
  std::vector<Sequence> sequences;
  for (std::size_t text = 0; text < ids.size(); ++text) {
    if (!results[text].empty || asked()) sequences.push_back({.text = text, .first_row = 0, .ids = ids[text]});
  }
  return plan_batches(sequences, config.exact_up_to);
}

/// All memory that depends on the texts' lengths is taken here, before the network starts.
void Run::State::reserve(const std::vector<Batch>& batches) {
  const Config& config = model->config();
  const kernels::KernelTable& kernels = *model->weights().kernels;
  std::uint64_t floats = 0;
  std::size_t longest = 0;
  for (const Batch& batch : batches) {
    Arena demand;
    static_cast<void>(Workspace(demand, config, kernels, batch));
    floats = std::max(floats, demand.used());
    for (const Sequence& sequence : batch.sequences) longest = std::max(longest, sequence.size());
    cost_total += cost(config, batch);
  }
  const std::string text = "a text of " + std::to_string(longest) + " tokens";
  try {
    arena.reserve(floats);
  } catch (const std::bad_alloc&) {
    throw Error{ErrorCode::out_of_memory, "reading " + text + " needs " +
                                              std::to_string(floats * sizeof(float) / 1'000'000 + 1) +
                                              " MB; shorten it or lower the limit of tokens"};
  }
  try {
    if (request.trace) tracer.emplace(*request.trace, config, batches.front());
  } catch (const std::bad_alloc&) {
    throw Error{ErrorCode::out_of_memory,
                "there is not enough memory for the attention to " + text + "; ask for bins or for fewer landmarks"};
  }
}

void Run::State::conclude(const Batch& batch, const std::vector<double>& logits) {
  for (std::size_t i = 0; i < logits.size(); ++i) {
    Classification& result = results[batch.sequences[i].text];
    if (result.empty) continue;
    result.logit = logits[i];
    if (!std::isfinite(result.logit)) {
      throw Error{ErrorCode::model_invalid, "model.safetensors: the weights overflow float32 on this text"};
    }
    result.positive = sigmoid(result.logit);
  }
}

/// The evidence of an empty text, which has no verdict, takes the bias back.
void Run::State::explain(const Pass& pass) {
  const Sequence& sequence = pass.batch.sequences.front();
  const double constant = bias(pass.config, pass.weights);
  const double logit = results.front().logit;
  explanation = {.bias = constant, .logit = logit, .ids = ids.front(), .spans = {}, .evidence = {}};
  if (results.front().empty) {
    explanation->evidence.assign(sequence.size(), static_cast<float>(-constant / static_cast<double>(sequence.size())));
  } else {
    explanation->evidence = evidence(pass, sequence, logit);
  }
}

Steps Run::State::work(bool tokenised) {
  for (std::size_t text = 0; !tokenised && text < texts.size(); ++text) {
    tokenise(text);
    co_yield Step{};
  }
  const std::vector<Batch> batches = plan();
  reserve(batches);
  for (const Batch& batch : batches) {
    arena.rewind();
    Workspace workspace(arena, model->config(), *model->weights().kernels, batch);
    const Pass pass{.config = model->config(),
                    .weights = model->weights(),
                    .kernels = *model->weights().kernels,
                    .batch = batch,
                    .work = workspace,
                    .tracer = tracer ? &*tracer : nullptr};
    for (Steps layers = encode(pass, cost_done); layers.next();) co_yield Step{};
    std::vector<double> logits;
    for (Steps blocks = judge(pass, logits); blocks.next();) co_yield Step{};
    conclude(batch, logits);
    if (request.explanation) explain(pass);
  }
}

Run::Run(std::shared_ptr<const Model> model, const RunOptions& options) : state_(std::make_unique<State>()) {
  if (options.max_tokens < 2)
    throw Error{ErrorCode::input_invalid, "max_tokens must be at least 2: two special tokens frame a text"};
  state_->model = std::move(model);
  state_->options = options;
}

Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;
Run::~Run() = default;

void Run::begin(std::vector<std::u16string> texts, const Request& request) {
  check(state_->model->config(), texts.size(), request);
  state_->start(request, texts.size());
  state_->ids.assign(texts.size(), {});
  state_->texts = std::move(texts);
  state_->steps = state_->work(false);
}

void Run::begin_ids(std::vector<std::vector<std::int32_t>> ids, const Request& request) {
  const Config& config = state_->model->config();
  check(config, ids.size(), request);
  for (const Ids& text : ids) {
    if (text.empty()) throw Error{ErrorCode::input_invalid, "a text has no token ids, not even special ones"};
    for (const std::int32_t id : text) {
      if (id < 0 || static_cast<std::size_t>(id) >= config.vocab_size) {
        throw Error{ErrorCode::input_invalid,
                    "token id " + std::to_string(id) + " is not below vocab_size " + std::to_string(config.vocab_size)};
      }
    }
  }
  state_->start(request, ids.size());
  for (std::size_t text = 0; text < ids.size(); ++text) state_->results[text].tokens = ids[text].size();
  state_->ids = std::move(ids);
  state_->steps = state_->work(true);
}

Progress Run::advance(std::chrono::microseconds budget) {
  State& state = *state_;
  if (!state.steps) throw Error{ErrorCode::input_invalid, "advance is called before begin, or after it failed"};
  using std::chrono::steady_clock;
  const auto start = steady_clock::now();
  // In the budget's unit: the clock's, which is finer, would not hold the longest.
  const auto spent = [&] { return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start); };
  try {
    do {
      state.done = !state.steps.next();
    } while (!state.done && spent() < budget);
  } catch (const std::bad_alloc&) {
    state.steps = {};
    throw Error{ErrorCode::out_of_memory, "there is not enough memory to read this text; shorten it"};
  } catch (...) {
    state.steps = {};
    throw;
  }
  const double fraction = state.cost_total > 0 ? state.cost_done / state.cost_total : 0;
  return {.fraction = state.done ? 1 : std::min(fraction, 1.0), .done = state.done};
}

const std::vector<Classification>& Run::results() const {
  if (!state_->done) throw Error{ErrorCode::input_invalid, "results are asked for before advance said done"};
  return state_->results;
}

AttentionTraces Run::take_traces() {
  std::optional<Tracer>& tracer = state_->tracer;
  if (!state_->done || !tracer) {
    throw Error{ErrorCode::input_invalid,
                "there is no trace to take: ask begin for it, wait until advance says done, and take it once"};
  }
  AttentionTraces traces = std::move(*tracer).take();
  tracer.reset();
  traces.spans = state_->spans;
  return traces;
}

Explanation Run::take_explanation() {
  std::optional<Explanation>& explanation = state_->explanation;
  if (!state_->done || !explanation) {
    throw Error{ErrorCode::input_invalid,
                "there is no explanation to take: ask begin for it, wait until advance says done, and take it once"};
  }
  Explanation taken = std::move(*explanation);
  explanation.reset();
  taken.spans = state_->spans;
  return taken;
}

std::vector<Classification> classify(const std::shared_ptr<const Model>& model, std::vector<std::u16string> texts) {
  Run run(model);
  run.begin(std::move(texts));
  while (!run.advance().done) {
  }
  return run.results();
}

}  // namespace nystrom
