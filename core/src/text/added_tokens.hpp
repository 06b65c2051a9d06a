#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/item.hpp"

namespace nystrom {

/// An entry of tokenizer.json's `added_tokens`; the flags mean what they mean there.
struct AddedToken {
  std::string content;  ///< UTF-8
  std::int32_t id = 0;
  bool single_word = false;
  bool lstrip = false;
  bool rstrip = false;
  bool normalized = false;
  bool special = false;
};

/// The added tokens that are looked for in one form of the text, raw or normalised, as a trie over code points.
class AddedTokenTrie {
 public:
  struct Match {
    const AddedToken* token;
    std::size_t length;  ///< in items
  };

  /// Of two tokens with the same `pattern` the first counts. `pattern` must not be empty.
  void insert(std::u32string_view pattern, const AddedToken& token);

  /// Whether a pattern may begin with `c`: false for almost all of ASCII.
  [[nodiscard]] bool may_start(char32_t c) const noexcept { return c >= ascii_starts_.size() || ascii_starts_[c]; }

  /// The longest pattern that the items begin with.
  [[nodiscard]] std::optional<Match> longest_match(std::span<const Item> items) const;

  [[nodiscard]] bool empty() const noexcept { return tokens_.empty(); }
  [[nodiscard]] std::size_t longest_pattern() const noexcept { return longest_pattern_; }
  [[nodiscard]] bool any_strips_left() const noexcept { return any_strips_left_; }

 private:
  struct Node {
    std::vector<std::pair<char32_t, std::size_t>> children;  // sorted
    std::optional<std::size_t> token;
  };

  [[nodiscard]] std::optional<std::size_t> child(std::size_t node, char32_t c) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::vector<AddedToken> tokens_;
  std::array<bool, 128> ascii_starts_{};
  std::size_t longest_pattern_ = 0;
  bool any_strips_left_ = false;
};

/// Cuts added tokens out of a text that comes piece by piece: leftmost first, then longest, as `tokenizers` does.
class AddedTokenSplitter {
 public:
  /// `trie` must outlive the splitter.
  explicit AddedTokenSplitter(const AddedTokenTrie& trie) noexcept : trie_(trie) {}

  /// Appends to `out` what is decided after `in`; `last`: the text ends there. A token in `in` is a border.
  void process(std::span<const Item> in, bool last, std::vector<Item>& out);

 private:
  void search(bool last, std::vector<Item>& out);
  bool take(const AddedTokenTrie::Match& match, bool last, std::vector<Item>& out);
  [[nodiscard]] bool inside_word(std::size_t end) const;
  void advance(std::size_t to, std::vector<Item>& out);
  void emit(std::size_t to, std::vector<Item>& out);
  void drop_used();

  const AddedTokenTrie& trie_;
  std::vector<Item> buffer_;
  std::size_t position_ = 0;  // where the search goes on
  std::size_t emitted_ = 0;   // items before it are written or belong to a token; white space may wait behind it
  std::size_t wanted_ = 0;    // items that the buffer must hold before searching again is worth it
  char32_t previous_ = 0;     // the character before `position_`, 0 at the text's start
};

}  // namespace nystrom
