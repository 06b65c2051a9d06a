#include "text/bert_normalizer.hpp"

#include <algorithm>

#include "text/unicode/properties.hpp"

namespace nystrom {
namespace {

constexpr bool plain_ascii(char32_t c) noexcept { return c >= 0x20 && c < 0x7F; }

}  // namespace

void BertNormalizer::process(std::span<const Item> in, std::vector<Item>& out) {
  for (const Item& item : in) {
    if (item.is_token()) {
      finish(out);
      out.push_back(item);
    } else if (plain_ascii(item.character)) {
      if (!marks_.empty()) finish(out);
      last_source_ = {item.start, item.end};
      const bool capital = options_.lowercase && item.character >= 'A' && item.character <= 'Z';
      out.push_back(item);
      out.back().character += capital ? U'a' - U'A' : 0;
    } else {
      clean(item, out);
    }
  }
}

void BertNormalizer::clean(const Item& item, std::vector<Item>& out) {
  if (!options_.clean_text) return space_chinese(item, out);
  const auto properties = unicode::properties_of(item.character);
  if (properties.removed()) return;
  Item cleaned = item;
  if (properties.space()) cleaned.character = U' ';
  space_chinese(cleaned, out);
}

void BertNormalizer::space_chinese(const Item& item, std::vector<Item>& out) {
  if (!options_.handle_chinese_chars || !unicode::properties_of(item.character).chinese()) return decompose(item, out);
  Item space = item;
  space.character = U' ';
  decompose(space, out);
  decompose(item, out);
  decompose(space, out);
}

void BertNormalizer::decompose(const Item& item, std::vector<Item>& out) {
  if (!options_.strip_accents) return lower(item, out);
  const Span source{item.start, item.end};
  if (!unicode::properties_of(item.character).decomposes()) return place(item.character, false, source, out);
  bool inserted = false;
  for (const char32_t c : unicode::decompose(item.character)) {
    place(c, inserted, source, out);
    inserted = true;
  }
}

void BertNormalizer::place(char32_t c, bool inserted, Span source, std::vector<Item>& out) {
  const std::uint8_t rank = unicode::properties_of(c).combining_rank;
  if (rank != 0) {
    marks_.push_back({c, rank, inserted});
    if (!inserted) sources_.push_back(source);
    return;
  }
  finish(out);
  if (!inserted) last_source_ = source;
  strip_mark(c, out);
}

// `tokenizers` hands out the sources in the text's order after sorting the marks, so a mark that moved forward takes
// the place in the text of the one it overtook.
void BertNormalizer::finish(std::vector<Item>& out) {
  if (marks_.empty()) return;
  std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) { return a.rank < b.rank; });
  auto source = sources_.begin();
  for (const Mark& mark : marks_) {
    if (!mark.inserted) last_source_ = *source++;
    strip_mark(mark.character, out);
  }
  marks_.clear();
  sources_.clear();
}

void BertNormalizer::strip_mark(char32_t c, std::vector<Item>& out) {
  if (unicode::properties_of(c).nonspacing_mark()) return;
  lower({c, Item::no_token, last_source_.start, last_source_.end}, out);
}

void BertNormalizer::lower(const Item& item, std::vector<Item>& out) {
  if (!options_.lowercase || !unicode::properties_of(item.character).lowers()) {
    out.push_back(item);
    return;
  }
  for (const char32_t c : unicode::lower(item.character)) {
    out.push_back(item);
    out.back().character = c;
  }
}

}  // namespace nystrom
