#include "text/added_tokens.hpp"

#include <algorithm>

#include "text/unicode/properties.hpp"

namespace nystrom {
namespace {

bool is_space(const Item& item) noexcept { return unicode::properties_of(item.character).space(); }

}  // namespace

void AddedTokenTrie::insert(std::u32string_view pattern, const AddedToken& token) {
  std::size_t node = 0;
  for (const char32_t c : pattern) {
    const auto known = child(node, c);
    if (known) {
      node = *known;
      continue;
    }
    const std::size_t fresh = nodes_.size();
    auto& children = nodes_[node].children;
    children.insert(std::upper_bound(children.begin(), children.end(), std::pair(c, fresh)), {c, fresh});
    nodes_.emplace_back();
    node = fresh;
  }
  if (nodes_[node].token) return;
  nodes_[node].token = tokens_.size();
  tokens_.push_back(token);
  if (pattern.front() < ascii_starts_.size()) ascii_starts_[pattern.front()] = true;
  longest_pattern_ = std::max(longest_pattern_, pattern.size());
  any_strips_left_ = any_strips_left_ || token.lstrip;
}

std::optional<std::size_t> AddedTokenTrie::child(std::size_t node, char32_t c) const {
  const auto& children = nodes_[node].children;
  const auto found = std::lower_bound(children.begin(), children.end(), c,
                                      [](const auto& entry, char32_t value) { return entry.first < value; });
  if (found == children.end() || found->first != c) return std::nullopt;
  return found->second;
}

std::optional<AddedTokenTrie::Match> AddedTokenTrie::longest_match(std::span<const Item> items) const {
  std::optional<Match> longest;
  std::size_t node = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto next = child(node, items[i].character);
    if (!next) break;
    node = *next;
    const auto token = nodes_[node].token;
    if (token) longest = Match{&tokens_[*token], i + 1};
  }
  return longest;
}

void AddedTokenSplitter::process(std::span<const Item> in, bool last, std::vector<Item>& out) {
  for (const Item& item : in) {
    if (!item.is_token()) {
      buffer_.push_back(item);
      continue;
    }
    search(true, out);
    out.push_back(item);
  }
  search(last, out);
}

void AddedTokenSplitter::search(bool last, std::vector<Item>& out) {
  if (!last && buffer_.size() < wanted_) return;
  wanted_ = 0;
  // A decision needs the longest pattern and the character behind it.
  const std::size_t reach = last ? 0 : trie_.longest_pattern();
  while (position_ + reach < buffer_.size()) {
    std::size_t next = position_;
    while (next + reach < buffer_.size() && !trie_.may_start(buffer_[next].character)) ++next;
    if (next > position_) {
      advance(next, out);
      continue;
    }
    const auto match = trie_.longest_match(std::span(buffer_).subspan(position_));
    if (!match) {
      advance(position_ + 1, out);
    } else if (!take(*match, last, out)) {
      wanted_ = 2 * buffer_.size();
      break;
    }
  }
  if (last) {
    emit(buffer_.size(), out);
    previous_ = 0;
  }
  drop_used();
}

/// Writes the matched token, or the text itself where the token must stand alone and does not. False: needs more text.
bool AddedTokenSplitter::take(const AddedTokenTrie::Match& match, bool last, std::vector<Item>& out) {
  const AddedToken& token = *match.token;
  const std::size_t end = position_ + match.length;
  if (token.single_word && inside_word(end)) {
    advance(end, out);
    return true;
  }
  std::size_t stop = end;
  if (token.rstrip) {
    while (stop < buffer_.size() && is_space(buffer_[stop])) ++stop;
    if (stop == buffer_.size() && !last) return false;
  }
  // White space waits behind `emitted_` only where a token may strip it.
  const std::size_t start = token.lstrip ? std::min(emitted_, position_) : position_;
  emit(start, out);
  out.push_back({0, token.id, buffer_[start].start, buffer_[stop - 1].end});
  // `tokenizers` goes on searching right behind the match, within the white space that it stripped.
  emitted_ = std::max(emitted_, stop);
  previous_ = buffer_[end - 1].character;
  position_ = end;
  return true;
}

bool AddedTokenSplitter::inside_word(std::size_t end) const {
  const bool word_before = previous_ != 0 && unicode::properties_of(previous_).word();
  const bool word_behind = end < buffer_.size() && unicode::properties_of(buffer_[end].character).word();
  return word_before || word_behind;
}

void AddedTokenSplitter::advance(std::size_t to, std::vector<Item>& out) {
  std::size_t decided = to;
  if (trie_.any_strips_left()) {
    while (decided > position_ && is_space(buffer_[decided - 1])) --decided;
  }
  if (decided > position_ || !trie_.any_strips_left()) emit(decided, out);
  previous_ = buffer_[to - 1].character;
  position_ = to;
}

void AddedTokenSplitter::emit(std::size_t to, std::vector<Item>& out) {
  if (to <= emitted_) return;
  const auto from = buffer_.begin();
  out.insert(out.end(), from + static_cast<std::ptrdiff_t>(emitted_), from + static_cast<std::ptrdiff_t>(to));
  emitted_ = to;
}

void AddedTokenSplitter::drop_used() {
  const std::size_t used = std::min(position_, emitted_);
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used));
  position_ -= used;
  emitted_ -= used;
}

}  // namespace nystrom
