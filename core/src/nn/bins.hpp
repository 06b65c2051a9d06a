#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nystrom/tokenizer.hpp>

#include "nn/segments.hpp"

namespace nystrom {

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
