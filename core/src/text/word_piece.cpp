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

std::uint32_t tag_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32); }

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
    const std::uint64_t hash = extend(empty_hash, entries_[id]);
    std::size_t slot = slot_of(hash, slots_.size());
    while (slots_[slot].next_id != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = {static_cast<std::uint32_t>(id + 1), tag_of(hash)};
  }
}

void WordPiece::split(const Word& word, Scratch& scratch) const {
  scratch.pieces.clear();
  bool known = !word.overflowed();
  for (std::size_t first = 0; known && first < word.size();) {
    const auto match = longest_match(word, first, scratch.hashes);
    known = match.has_value();
    if (!known) break;
    scratch.pieces.push_back({match->id, word.span_of(first, match->end)});
    first = match->end;
  }
  if (!known) scratch.pieces.assign(1, {options_.unknown_id, word.span()});
}

std::optional<WordPiece::Match> WordPiece::longest_match(const Word& word, std::size_t first,
                                                         std::vector<std::uint64_t>& hashes) const {
  const std::string_view prefix = first == 0 ? std::string_view() : options_.continuing_subword_prefix;
  const std::string_view rest = word.bytes().substr(first == 0 ? 0 : word.byte_end(first - 1));
  const std::size_t begin = word.bytes().size() - rest.size();
  std::uint64_t hash = first == 0 ? empty_hash : prefix_hash_;
  hashes.clear();
  for (std::size_t last = first, from = 0; last < word.size() && from < longest_entry_; ++last) {
    const std::size_t to = word.byte_end(last) - begin;
    hash = extend(hash, rest.substr(from, to - from));
    hashes.push_back(hash);
    from = to;
  }
  for (std::size_t count = hashes.size(); count > 0; --count) {
    const std::size_t end = first + count;
    const auto id = find(hashes[count - 1], prefix, rest.substr(0, word.byte_end(end - 1) - begin));
    if (id) return Match{*id, end};
  }
  return std::nullopt;
}

std::optional<std::int32_t> WordPiece::find(std::uint64_t hash, std::string_view prefix, std::string_view rest) const {
  for (std::size_t i = slot_of(hash, slots_.size()); slots_[i].next_id != 0; i = (i + 1) & (slots_.size() - 1)) {
    if (slots_[i].tag != tag_of(hash)) continue;
    const std::string_view entry = entries_[slots_[i].next_id - 1];
    if (entry.size() == prefix.size() + rest.size() && entry.starts_with(prefix) && entry.ends_with(rest)) {
      return static_cast<std::int32_t>(slots_[i].next_id - 1);
    }
  }
  return std::nullopt;
}

}  // namespace nystrom
