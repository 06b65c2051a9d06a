#include "text/word_piece.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "text/code_points.hpp"

namespace nystrom {
namespace {

constexpr std::uint64_t empty_hash = 0xCBF29CE484222325;

/// FNV-1a, which goes on from a shorter text's hash: the prefixes of a word cost no more than the word.
std::uint64_t extend(std::uint64_t hash, std::string_view bytes) noexcept {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  return hash;
}

std::size_t slot_of(std::uint64_t hash, std::size_t slots) noexcept {
  return static_cast<std::size_t>(hash ^ hash >> 29) & (slots - 1);
}

}  // namespace

void Word::append(char32_t c, Span source) {
  if (size_ == 0) span_.start = source.start;
  span_.end = source.end;
  if (++size_ > capacity_) return;
  append_utf8(c, bytes_);
  letters_.push_back({bytes_.size(), source});
}

void Word::clear() noexcept {
  bytes_.clear();
  letters_.clear();
  size_ = 0;
}

WordPiece::WordPiece(std::vector<std::string> entries, std::size_t model_size, WordPieceOptions options)
    : entries_(std::move(entries)), options_(std::move(options)), slots_(std::bit_ceil(2 * model_size + 1)) {
  prefix_hash_ = extend(empty_hash, options_.continuing_subword_prefix);
  for (std::size_t id = 0; id < model_size; ++id) {
    longest_entry_ = std::max(longest_entry_, entries_[id].size());
    std::size_t slot = slot_of(extend(empty_hash, entries_[id]), slots_.size());
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(id + 1);
  }
}

void WordPiece::split(const Word& word, std::vector<Piece>& pieces) const {
  pieces.clear();
  bool known = !word.overflowed();
  for (std::size_t first = 0; known && first < word.size();) {
    const auto match = longest_match(word, first);
    known = match.has_value();
    if (!known) break;
    pieces.push_back({match->id, word.span_of(first, match->end)});
    first = match->end;
  }
  if (!known) pieces.assign(1, {options_.unknown_id, word.span()});
}

std::optional<WordPiece::Match> WordPiece::longest_match(const Word& word, std::size_t first) const {
  const std::string_view prefix = first == 0 ? std::string_view() : options_.continuing_subword_prefix;
  const std::size_t begin = first == 0 ? 0 : word.byte_end(first - 1);
  std::uint64_t hash = first == 0 ? empty_hash : prefix_hash_;
  std::optional<Match> longest;
  std::size_t from = begin;
  for (std::size_t last = first; last < word.size() && word.byte_end(last) - begin <= longest_entry_; ++last) {
    const std::size_t to = word.byte_end(last);
    hash = extend(hash, word.bytes().substr(from, to - from));
    from = to;
    if (const auto id = find(hash, prefix, word.bytes().substr(begin, to - begin))) longest = Match{*id, last + 1};
  }
  return longest;
}

std::optional<std::int32_t> WordPiece::find(std::uint64_t hash, std::string_view prefix, std::string_view rest) const {
  for (std::size_t slot = slot_of(hash, slots_.size()); slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const std::string_view entry = entries_[slots_[slot] - 1];
    if (entry.size() == prefix.size() + rest.size() && entry.starts_with(prefix) && entry.ends_with(rest)) {
      return static_cast<std::int32_t>(slots_[slot] - 1);
    }
  }
  return std::nullopt;
}

}  // namespace nystrom
