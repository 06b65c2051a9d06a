#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nystrom/tokenizer.hpp"

namespace nystrom {

struct WordPieceOptions {
  std::int32_t unknown_id = 0;
  std::string continuing_subword_prefix;
  std::size_t max_input_chars_per_word = 0;
};

/// A word under construction: its normalised characters and the units of the original text that they stand for.
class Word {
 public:
  /// Characters beyond `capacity` are only counted.
  explicit Word(std::size_t capacity) noexcept : capacity_(capacity) {}

  void append(char32_t c, Span source);
  void clear() noexcept;

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool overflowed() const noexcept { return size_ > capacity_; }
  [[nodiscard]] Span span() const noexcept { return span_; }

  /// The units that characters [first, last) stand for.
  [[nodiscard]] Span span_of(std::size_t first, std::size_t last) const {
    return {letters_[first].source.start, letters_[last - 1].source.end};
  }
  [[nodiscard]] std::size_t byte_end(std::size_t index) const { return letters_[index].byte_end; }
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

 private:
  struct Letter {
    std::size_t byte_end;
    Span source;
  };

  std::size_t capacity_;
  std::string bytes_;  // UTF-8
  std::vector<Letter> letters_;
  std::size_t size_ = 0;
  Span span_;
};

struct Piece {
  std::int32_t id;
  Span span;
};

/// Greedy longest-match-first splitting of words into vocabulary entries.
class WordPiece {
 public:
  /// Of `entries`, by id, the first `model_size` are looked up; the rest are added tokens.
  WordPiece(std::vector<std::string> entries, std::size_t model_size, WordPieceOptions options);

  /// Memory that words share.
  struct Scratch {
    std::vector<Piece> pieces;
    std::vector<std::uint64_t> hashes;
  };

  /// Replaces `scratch.pieces` with those of `word`; the unknown token alone where the vocabulary cannot spell it.
  void split(const Word& word, Scratch& scratch) const;

  [[nodiscard]] Word new_word() const noexcept { return Word(options_.max_input_chars_per_word); }
  [[nodiscard]] std::int32_t unknown_id() const noexcept { return options_.unknown_id; }
  [[nodiscard]] const std::vector<std::string>& entries() const noexcept { return entries_; }

 private:
  struct Match {
    std::int32_t id;
    std::size_t end;
  };
  struct Slot {
    std::uint32_t next_id = 0;  // id + 1; 0: free
    std::uint32_t tag = 0;      // bits of the hash, so that few other entries are read in vain
  };

  [[nodiscard]] std::optional<Match> longest_match(const Word& word, std::size_t first,
                                                   std::vector<std::uint64_t>& hashes) const;
  [[nodiscard]] std::optional<std::int32_t> find(std::uint64_t hash, std::string_view prefix,
                                                 std::string_view rest) const;

  std::vector<std::string> entries_;
  WordPieceOptions options_;
  std::vector<Slot> slots_;        // open addressing
  std::size_t longest_entry_ = 0;  // bytes
  std::uint64_t prefix_hash_ = 0;
};

}  // namespace nystrom
