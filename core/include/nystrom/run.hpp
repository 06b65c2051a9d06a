#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nystrom/model.hpp>

namespace nystrom {

/// What the network says of one text.
struct Classification {
  bool empty = false;      ///< nothing but white space and control characters: there is no verdict
  bool truncated = false;  ///< the text was longer than max_tokens and was cut there
  std::size_t tokens = 0;  ///< tokens read, [CLS] and [SEP] included
  std::size_t unknown_tokens = 0;
  double logit = 0;       ///< log-odds of the positive label, divided by the model's temperature; 0 if empty
  double positive = 0.5;  ///< sigmoid(logit), the probability of the positive label
};

/// Row-major.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;
};

/// Which heads to trace and how finely. Without a layer or a head it is every one, and `bins` must be given.
struct TraceRequest {
  std::optional<std::size_t> layer = std::nullopt;
  std::optional<std::size_t> head = std::nullopt;
  std::size_t bins = 0;       ///< columns that the tokens are gathered into, evenly; 0: one a token. At most 4,096
  std::size_t landmarks = 0;  ///< for one head: what so many landmarks, at most 512, would make of the same Q, K and V;
                              ///< 0: what was computed
  /// For one head: tokens, at most 64, whose exact softmax row is wanted too.
  // Its initialiser keeps compilers from asking for it by name.
  // NOLINTNEXTLINE(readability-redundant-member-init)
  std::vector<std::size_t> exact_rows = {};
};

/// One head of one layer, for n tokens, m landmarks and heads of size d (Xiong et al. 2021, section 3). In bins, n
/// stands for their number: rows of F, F·Z and the exact weights are means over a bin's tokens, columns of B and of the
/// exact weights are sums. If `exact` is set, `weights` is the n × n softmax and the landmark matrices are empty.
struct AttentionTrace {
  std::size_t layer = 0;
  std::size_t head = 0;
  bool exact = false;
  std::vector<Span> landmarks;     ///< token range [start, end) of each segment
  std::vector<Span> bins;          ///< token range of each bin; empty where a bin is a token
  Matrix token_to_landmark;        ///< F, n × m: softmax(Q·K̃ᵀ/√d)
  Matrix landmark_to_landmark;     ///< A, m × m: softmax(Q̃·K̃ᵀ/√d)
  Matrix inverse;                  ///< Z, m × m ≈ A⁺; entries may be negative
  Matrix landmark_to_token;        ///< B, m × n: softmax(Q̃·Kᵀ/√d)
  Matrix weights;                  ///< F·Z, n × m, signed: what token i takes from landmark j
  std::vector<float> local_share;  ///< n: ‖conv‖ / (‖attention‖ + ‖conv‖) of each token's context
  std::vector<float> residual;     ///< ‖A·Z·A − A‖ (Frobenius), of the start and after each of six iterations, or of 16
                                   ///< for other landmarks: then as many as tokens give exact attention
  Matrix exact_rows;               ///< softmax(qᵢ·Kᵀ/√d) over all tokens, a row for each that was asked for
};

/// A text's tokens and what each traced head made of them, by layer, then head.
struct AttentionTraces {
  std::vector<std::int32_t> ids;
  std::vector<Span> spans;  ///< UTF-16 range of each token in the text; empty after begin_ids
  std::vector<AttentionTrace> heads;
};

/// How a text's tokens move its logit: bias + Σ evidence = logit. Token t's is e_t = a_t·(v·h_t) / temperature + r,
/// with h_t its final state, a_t its weight in pooling, v the model's evidence head (the classifier's own w where it
/// has none) and r what is left of the logit, spread evenly. It belongs to a token in its context, not to a word alone.
struct Explanation {
  double bias = 0;   ///< the same for every text of a model
  double logit = 0;  ///< as in Classification
  std::vector<std::int32_t> ids;
  std::vector<Span> spans;      ///< UTF-16 range of each token in the text; empty after begin_ids
  std::vector<float> evidence;  ///< one a token, in the logit's unit
};

/// What is kept beside the verdict; either needs exactly one text.
struct Request {
  std::optional<TraceRequest> trace = std::nullopt;
  bool explanation = false;
};

struct Progress {
  double fraction = 0;  ///< of the work, rising from 0 to exactly 1
  bool done = false;
};

struct RunOptions {
  std::size_t max_tokens = 262'144;  ///< >= 2; a longer text is cut there and says so
};

/// A classification in small steps, so that whoever calls can show progress, stop, or serve others in between.
/// Not thread-safe; several runs of one model may go in parallel.
class Run {
 public:
  /// Throws Error{input_invalid} if max_tokens is below 2.
  explicit Run(std::shared_ptr<const Model> model, const RunOptions& options = {});
  Run(Run&&) noexcept;
  Run& operator=(Run&&) noexcept;
  ~Run();

  /// Starts on `texts` (UTF-16); what was there before is dropped. Throws Error{input_invalid} naming the argument.
  void begin(std::vector<std::u16string> texts, const Request& request = {});

  /// The same for texts that are tokens already: ids below vocab_size, at least one a text, special ones included. All
  /// of them are read, whatever max_tokens is; none counts as unknown.
  void begin_ids(std::vector<std::vector<std::int32_t>> ids, const Request& request = {});

  /// Works for about `budget`, at least one step. Most steps take a few milliseconds; two go over a whole text at
  /// once: its tokens, and in each layer its segment means. Memory is reserved once all texts are tokenised, but for
  /// what other landmarks and exact rows of a trace take after its layer. Throws Error, and the run may begin again:
  /// input_invalid before begin, for a text of more than 2^32 - 1 units, and where landmarks or exact rows lie beyond
  /// the text; model_invalid where the weights overflow float32; out_of_memory where memory doesn't suffice.
  Progress advance(std::chrono::microseconds budget = std::chrono::milliseconds{20});

  /// One a text, in order. Throws Error{input_invalid} before advance said done.
  [[nodiscard]] const std::vector<Classification>& results() const;

  /// What was asked for in begin, moved out. A text without tokens gives traces of its special tokens, and an
  /// explanation in which they take the bias back. Throws Error{input_invalid} before advance said done, if begin was
  /// not asked for it, and if it was taken already.
  [[nodiscard]] AttentionTraces take_traces();
  [[nodiscard]] Explanation take_explanation();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The simple way: all of it at once.
[[nodiscard]] std::vector<Classification> classify(const std::shared_ptr<const Model>& model,
                                                   std::vector<std::u16string> texts);

}  // namespace nystrom
