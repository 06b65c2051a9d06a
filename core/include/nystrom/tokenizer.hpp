#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nystrom {

/// A half-open range [start, end) of UTF-16 code units in the original text.
struct Span {
  std::uint32_t start = 0;
  std::uint32_t end = 0;

  bool operator==(const Span&) const = default;
};

/// One text as the network reads it, [CLS] and [SEP] included; the vectors have equal length.
struct Encoding {
  std::vector<std::int32_t> ids;
  std::vector<Span> spans;         ///< what each token covers in the original text; empty for [CLS] and [SEP]
  std::size_t unknown_tokens = 0;  ///< how many ids are the unknown token
  bool truncated = false;          ///< the text went on beyond `max_tokens`

  /// The text has no token besides the special ones, not even one that was cut off.
  [[nodiscard]] bool empty() const noexcept { return ids.size() <= 2 && !truncated; }
};

/// BERT normalisation and WordPiece as a `tokenizer.json` describes them; equal to the Python `tokenizers` library
/// in ids and offsets, except that truncation and padding entries are ignored. Immutable: threads may share one.
class Tokenizer {
 public:
  /// Parses the contents of a tokenizer.json. Throws Error{model_invalid} naming `file_name` and the field for what is
  /// not BertNormalizer, BertPreTokenizer, WordPiece and one special token on either side of the text.
  static Tokenizer from_json(std::string_view json, std::string_view file_name = "tokenizer.json");

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Any UTF-16 is accepted: a lone surrogate is read as U+FFFD. Time is linear in the text's length and ends early
  /// once `max_tokens` (>= 2, special tokens included) is reached.
  /// Throws Error{input_invalid} for a smaller `max_tokens` and for a text of more than 2^32 - 1 units.
  [[nodiscard]] Encoding encode(std::u16string_view text,
                                std::size_t max_tokens = std::numeric_limits<std::size_t>::max()) const;

  /// Vocabulary entries including added tokens: ids are 0 ... vocabulary_size() - 1.
  [[nodiscard]] std::size_t vocabulary_size() const noexcept;

  /// The entry's UTF-8 text, "##" included. Throws Error{input_invalid} for an id outside the vocabulary.
  [[nodiscard]] std::string_view token(std::int32_t id) const;

 private:
  struct Data;
  explicit Tokenizer(std::unique_ptr<const Data> data) noexcept;
  std::unique_ptr<const Data> data_;
};

}  // namespace nystrom
