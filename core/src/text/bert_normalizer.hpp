#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nystrom/tokenizer.hpp>

#include "text/item.hpp"

namespace nystrom {

/// The normaliser's switches in tokenizer.json; `strip_accents` is already resolved (null there means `lowercase`).
struct NormalizerOptions {
  bool clean_text = true;
  bool handle_chinese_chars = true;
  bool strip_accents = true;
  bool lowercase = true;
};

/// Normalises a text piece by piece of any size. An added token in the input ends what comes before it.
class BertNormalizer {
 public:
  explicit BertNormalizer(NormalizerOptions options) noexcept : options_(options) {}

  /// Appends to `out` what `in` becomes; marks whose order later input could still change wait inside.
  void process(std::span<const Item> in, std::vector<Item>& out);

  /// The text ends here: appends what waited.
  void finish(std::vector<Item>& out);

 private:
  /// A combining mark that waits for its run to end. `inserted`: not the first of what its character decomposed to.
  struct Mark {
    char32_t character;
    std::uint8_t rank;
    bool inserted;
  };

  void clean(const Item& item, std::vector<Item>& out);
  void space_chinese(const Item& item, std::vector<Item>& out);
  void decompose(const Item& item, std::vector<Item>& out);
  void place(char32_t c, bool inserted, Span source, std::vector<Item>& out);
  void strip_mark(char32_t c, std::vector<Item>& out);
  void lower(const Item& item, std::vector<Item>& out);

  NormalizerOptions options_;
  std::vector<Mark> marks_;    // the run of marks that waits
  std::vector<Span> sources_;  // where its characters came from, in the text's order
  Span last_source_{0, 0};
};

}  // namespace nystrom
