#include "nystrom/tokenizer.hpp"

#include <algorithm>
#include <utility>

#include "nystrom/error.hpp"
#include "text/added_tokens.hpp"
#include "text/bert_normalizer.hpp"
#include "text/code_points.hpp"
#include "text/json.hpp"
#include "text/tokenizer_json.hpp"
#include "text/unicode/properties.hpp"
#include "text/word_piece.hpp"

namespace nystrom {

struct Tokenizer::Data {
  NormalizerOptions normalizer;
  AddedTokenTrie raw_tokens;         // looked for in the text as it is
  AddedTokenTrie normalized_tokens;  // looked for in the normalised text
  WordPiece word_piece;
  std::int32_t first_id;
  std::int32_t last_id;
};

namespace {

/// Code points that pass through all stages before the next are read, so that nothing beyond `max_tokens` is.
constexpr std::size_t chunk_size = 1024;

/// Replaces `out` by the next chunk of the text from unit `position` on, which moves behind it.
void decode_chunk(std::u16string_view text, std::size_t& position, std::vector<Item>& out) {
  out.clear();
  while (position < text.size() && out.size() < chunk_size) {
    const auto start = static_cast<std::uint32_t>(position);
    const char32_t c = next_code_point(text, position);
    out.push_back({c, Item::no_token, start, static_cast<std::uint32_t>(position)});
  }
}

std::u32string decode(const std::string& utf8) {
  const std::u16string units = decode_utf8_with_mark(utf8);
  std::u32string out;
  for (std::size_t i = 0; i < units.size();) out.push_back(next_code_point(units, i));
  return out;
}

std::u32string normalize(const std::u32string& text, NormalizerOptions options) {
  std::vector<Item> in;
  for (const char32_t c : text) in.push_back({.character = c});
  std::vector<Item> normalized;
  BertNormalizer normalizer(options);
  normalizer.process(in, normalized);
  normalizer.finish(normalized);
  std::u32string out;
  for (const Item& item : normalized) out.push_back(item.character);
  return out;
}

/// The tries of the tokens that are looked for in the raw and in the normalised text.
std::pair<AddedTokenTrie, AddedTokenTrie> make_tries(TokenizerConfig& config, std::string_view file_name) {
  // `tokenizers` prefers a special token where two tokens have the same normalised form.
  std::stable_partition(config.added_tokens.begin(), config.added_tokens.end(),
                        [](const auto& t) { return t.special; });
  std::pair<AddedTokenTrie, AddedTokenTrie> tries;
  for (const AddedToken& token : config.added_tokens) {
    std::u32string pattern = decode(token.content);
    if (token.normalized) pattern = normalize(pattern, config.normalizer);
    if (pattern.empty()) {
      fail_invalid(file_name, "added_tokens: nothing is left of the token with id " + std::to_string(token.id) +
                                  " after normalisation; set its \"normalized\" to false");
    }
    (token.normalized ? tries.second : tries.first).insert(pattern, token);
  }
  return tries;
}

/// Cuts items into words and writes their pieces.
class PieceWriter {
 public:
  PieceWriter(const WordPiece& word_piece, std::size_t limit, Encoding& out)
      : word_piece_(word_piece), limit_(limit), out_(out), word_(word_piece.new_word()) {}

  void write(const std::vector<Item>& items) {
    for (const Item& item : items) {
      if (out_.truncated) return;
      write(item);
    }
  }

  void finish() {
    if (word_.empty()) return;
    word_piece_.split(word_, scratch_);
    word_.clear();
    for (const Piece& piece : scratch_.pieces) push(piece.id, piece.span);
  }

 private:
  void write(const Item& item) {
    const Span span{item.start, item.end};
    if (item.is_token()) {
      finish();
      return push(item.token, span);
    }
    const auto properties = unicode::properties_of(item.character);
    if (properties.space()) return finish();
    if (properties.punctuation()) finish();
    word_.append(item.character, span);
    if (properties.punctuation()) finish();
  }

  void push(std::int32_t id, Span span) {
    if (out_.ids.size() == limit_) {
      out_.truncated = true;
      return;
    }
    out_.ids.push_back(id);
    out_.spans.push_back(span);
    if (id == word_piece_.unknown_id()) ++out_.unknown_tokens;
  }

  const WordPiece& word_piece_;
  std::size_t limit_;
  Encoding& out_;
  Word word_;
  WordPiece::Scratch scratch_;
};

/// Sends the text through splitter, normaliser, splitter and writer, a chunk at a time.
void write_pieces(std::u16string_view text, const AddedTokenTrie& raw_tokens, const AddedTokenTrie& normalized_tokens,
                  NormalizerOptions options, PieceWriter& writer, const Encoding& out) {
  AddedTokenSplitter raw_splitter(raw_tokens);
  BertNormalizer normalizer(options);
  AddedTokenSplitter normalized_splitter(normalized_tokens);
  std::vector<Item> decoded;
  std::vector<Item> raw;
  std::vector<Item> normalized;
  std::vector<Item> split;
  for (std::size_t position = 0; position < text.size() && !out.truncated;) {
    decode_chunk(text, position, decoded);
    const bool last = position == text.size();
    raw.clear();
    raw_splitter.process(decoded, last, raw);
    normalized.clear();
    normalizer.process(raw, normalized);
    if (last) normalizer.finish(normalized);
    split.clear();
    if (!normalized_tokens.empty()) normalized_splitter.process(normalized, last, split);
    writer.write(normalized_tokens.empty() ? normalized : split);
  }
  if (!out.truncated) writer.finish();
}

}  // namespace

Tokenizer Tokenizer::from_json(std::string_view json, std::string_view file_name) {
  TokenizerConfig config = parse_tokenizer_json(json, file_name);
  auto [raw_tokens, normalized_tokens] = make_tries(config, file_name);
  return Tokenizer(std::unique_ptr<const Data>(
      new Data{config.normalizer, std::move(raw_tokens), std::move(normalized_tokens),
               WordPiece(std::move(config.entries), config.model_size, std::move(config.word_piece)), config.first_id,
               config.last_id}));
}

Tokenizer::Tokenizer(std::unique_ptr<const Data> data) noexcept : data_(std::move(data)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Encoding Tokenizer::encode(std::u16string_view text, std::size_t max_tokens) const {
  if (max_tokens < 2)
    throw Error(ErrorCode::input_invalid, "max_tokens must be at least 2: two special tokens frame a text");
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::input_invalid, "the text is longer than 4,294,967,295 UTF-16 units: pass it in parts");
  }
  Encoding out;
  out.ids.push_back(data_->first_id);
  out.spans.emplace_back();
  PieceWriter writer(data_->word_piece, max_tokens - 1, out);
  write_pieces(text, data_->raw_tokens, data_->normalized_tokens, data_->normalizer, writer, out);
  out.ids.push_back(data_->last_id);
  out.spans.emplace_back();
  return out;
}

std::size_t Tokenizer::vocabulary_size() const noexcept { return data_->word_piece.entries().size(); }

std::string_view Tokenizer::token(std::int32_t id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= vocabulary_size()) {
    throw Error(ErrorCode::input_invalid, "id " + std::to_string(id) + " is outside the vocabulary of " +
                                              std::to_string(vocabulary_size()) + " entries");
  }
  return data_->word_piece.entries()[static_cast<std::size_t>(id)];
}

}  // namespace nystrom
