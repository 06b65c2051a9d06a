#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nystrom/run.hpp>
#include <nystrom/tokenizer.hpp>

#include "nn/segments.hpp"

namespace nystrom {

inline float* row_of(Matrix& matrix, std::size_t row) { return matrix.values.data() + row * matrix.columns; }

/// A text's n tokens gathered into even bins, or each for itself.
class Bins {
 public:
  /// `wanted` bins; none, or as many as there are tokens, is one a token.
  Bins(std::size_t tokens, std::size_t wanted)
      : tokens_(tokens), size_(wanted == 0 || wanted > tokens ? tokens : wanted) {
    for (std::size_t bin = 0; bin < size_; ++bin) of_token_.resize(end(bin), static_cast<std::uint32_t>(bin));
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t start(std::size_t bin) const noexcept { return segment_start(tokens_, size_, bin); }
  [[nodiscard]] std::size_t end(std::size_t bin) const noexcept { return start(bin + 1); }
  [[nodiscard]] std::size_t of(std::size_t token) const noexcept { return of_token_[token]; }

  /// Adds a token's row to its bin's row of `sums`.
  void add_row(const float* values, std::size_t token, Matrix& sums) const {
    float* row = row_of(sums, of(token));
    for (std::size_t i = 0; i < sums.columns; ++i) row[i] += values[i];
  }
  /// Adds each of a row's n weights to its token's bin.
  void add_columns(const float* values, float* sums) const {
    for (std::size_t token = 0; token < tokens_; ++token) sums[of(token)] += values[token];
  }

  /// Token range of each bin; empty where a bin is a token.
  [[nodiscard]] std::vector<Span> spans() const {
    return size_ < tokens_ ? segments(tokens_, size_) : std::vector<Span>();
  }

 private:
  std::size_t tokens_;
  std::size_t size_;
  std::vector<std::uint32_t> of_token_;
};

}  // namespace nystrom
