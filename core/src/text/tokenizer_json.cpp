#include "text/tokenizer_json.hpp"

#include <limits>
#include <string>
#include <unordered_set>
#include <utility>

#include "text/json.hpp"

namespace nystrom {
namespace {

using nlohmann::json;

/// A value inside the file, with the path that error messages give it.
class Field {
 public:
  Field(const json& value, std::string file, std::string path)
      : value_(&value), file_(std::move(file)), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& problem) const {
    fail_invalid(file_, (path_.empty() ? "the file" : path_) + " " + problem);
  }

  [[nodiscard]] bool has(const char* key) const { return object().contains(key) && !object()[key].is_null(); }

  [[nodiscard]] Field operator[](const char* key) const {
    const std::string path = path_.empty() ? key : path_ + "." + key;
    if (!object().contains(key)) Field(*value_, file_, path).fail("is missing");
    return {object()[key], file_, path};
  }

  [[nodiscard]] const json& object() const {
    if (!value_->is_object()) fail("must be an object");
    return *value_;
  }

  [[nodiscard]] std::vector<Field> array() const {
    if (!value_->is_array()) fail("must be an array");
    std::vector<Field> out;
    for (const json& element : *value_)
      out.emplace_back(element, file_, path_ + "[" + std::to_string(out.size()) + "]");
    return out;
  }

  [[nodiscard]] const std::string& string() const {
    if (!value_->is_string()) fail("must be a string");
    return value_->get_ref<const std::string&>();
  }

  /// The value, short and in ASCII, for messages.
  [[nodiscard]] std::string quoted() const { return as_text(*value_); }

  [[nodiscard]] bool boolean() const {
    if (!value_->is_boolean()) fail("must be true or false");
    return value_->get<bool>();
  }

  [[nodiscard]] std::uint64_t number(std::uint64_t limit) const {
    if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() > limit) {
      fail("must be a whole number from 0 to " + std::to_string(limit));
    }
    return value_->get<std::uint64_t>();
  }

  /// Fails unless the member `type` is `expected`.
  void expect_type(std::string_view expected) const {
    const Field type = (*this)["type"];
    if (type.string() != expected)
      type.fail("is " + type.quoted() + "; only " + std::string(expected) + " is supported");
  }

 private:
  const json* value_;
  std::string file_;
  std::string path_;
};

NormalizerOptions read_normalizer(const Field& field) {
  field.expect_type("BertNormalizer");
  NormalizerOptions options;
  options.clean_text = field["clean_text"].boolean();
  options.handle_chinese_chars = field["handle_chinese_chars"].boolean();
  options.lowercase = field["lowercase"].boolean();
  options.strip_accents = field.has("strip_accents") ? field["strip_accents"].boolean() : options.lowercase;
  return options;
}

std::vector<std::string> read_vocabulary(const Field& field) {
  const json& vocabulary = field.object();
  if (vocabulary.empty()) field.fail("is empty");
  if (vocabulary.size() > std::numeric_limits<std::int32_t>::max()) field.fail("has too many entries");
  std::vector<std::string> entries(vocabulary.size());
  std::vector<bool> taken(vocabulary.size());
  for (const auto& [entry, value] : vocabulary.items()) {
    const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() < entries.size();
    if (!fits) field.fail("gives " + as_text(entry) + " an id that is not a whole number below the number of entries");
    const auto id = value.get<std::size_t>();
    if (taken[id])
      field.fail("gives " + as_text(entry) + " the id " + std::to_string(id) + ", which another entry has");
    taken[id] = true;
    entries[id] = entry;
  }
  return entries;
}

/// The id of an entry that the field names.
std::int32_t id_of(const Field& field, const std::vector<std::string>& entries) {
  for (std::size_t id = 0; id < entries.size(); ++id) {
    if (entries[id] == field.string()) return static_cast<std::int32_t>(id);
  }
  field.fail("is " + field.quoted() + ", which is not in the vocabulary");
}

void read_model(const Field& field, TokenizerConfig& config) {
  field.expect_type("WordPiece");
  config.entries = read_vocabulary(field["vocab"]);
  config.model_size = config.entries.size();
  config.word_piece.unknown_id = id_of(field["unk_token"], config.entries);
  config.word_piece.continuing_subword_prefix = field["continuing_subword_prefix"].string();
  config.word_piece.max_input_chars_per_word =
      static_cast<std::size_t>(field["max_input_chars_per_word"].number(std::numeric_limits<std::uint32_t>::max()));
}

AddedToken read_added_token(const Field& field) {
  AddedToken token;
  token.content = field["content"].string();
  if (token.content.empty()) field["content"].fail("is empty");
  token.id = static_cast<std::int32_t>(field["id"].number(std::numeric_limits<std::int32_t>::max()));
  token.single_word = field["single_word"].boolean();
  token.lstrip = field["lstrip"].boolean();
  token.rstrip = field["rstrip"].boolean();
  token.normalized = field["normalized"].boolean();
  token.special = field["special"].boolean();
  return token;
}

void read_added_tokens(const Field& field, TokenizerConfig& config) {
  std::unordered_set<std::string> contents;
  for (const Field& element : field.array()) {
    AddedToken token = read_added_token(element);
    if (!contents.insert(token.content).second) element["content"].fail("repeats " + as_text(token.content));
    const auto id = static_cast<std::size_t>(token.id);
    if (id == config.entries.size()) {
      config.entries.push_back(token.content);
    } else if (id > config.entries.size() || config.entries[id] != token.content) {
      element["id"].fail("must be the id of " + as_text(token.content) + " in the vocabulary or the next free one");
    }
    config.added_tokens.push_back(std::move(token));
  }
}

std::int32_t checked_id(const Field& field, const TokenizerConfig& config) {
  return static_cast<std::int32_t>(field.number(config.entries.size() - 1));
}

/// `post_processor` of type BertProcessing: "cls" and "sep" are [text, id].
void read_bert_processing(const Field& field, TokenizerConfig& config) {
  const auto id = [&](const char* key) {
    const auto pair = field[key].array();
    if (pair.size() != 2) field[key].fail("must be [token, id]");
    return checked_id(pair[1], config);
  };
  config.first_id = id("cls");
  config.last_id = id("sep");
}

std::int32_t read_special_token(const Field& piece, const Field& tokens, const TokenizerConfig& config) {
  const Field token = piece["SpecialToken"];
  static_cast<void>(token["type_id"].number(0));
  const auto ids = tokens[token["id"].string().c_str()]["ids"].array();
  if (ids.size() != 1) piece.fail("must stand for one id");
  return checked_id(ids[0], config);
}

/// `post_processor` of type TemplateProcessing: one special token, the text, one special token.
void read_template(const Field& field, TokenizerConfig& config) {
  const auto pieces = field["single"].array();
  if (pieces.size() != 3) field["single"].fail("must be a special token, the text A and a special token");
  static_cast<void>(pieces[1]["Sequence"]["type_id"].number(0));
  config.first_id = read_special_token(pieces[0], field["special_tokens"], config);
  config.last_id = read_special_token(pieces[2], field["special_tokens"], config);
}

void read_post_processor(const Field& field, TokenizerConfig& config) {
  if (field["type"].string() == "BertProcessing") return read_bert_processing(field, config);
  field.expect_type("TemplateProcessing");
  read_template(field, config);
}

}  // namespace

TokenizerConfig parse_tokenizer_json(std::string_view text, std::string_view file_name) {
  const json document = parse_json(text, file_name);
  const Field root(document, std::string(file_name), "");
  TokenizerConfig config;
  config.normalizer = read_normalizer(root["normalizer"]);
  root["pre_tokenizer"].expect_type("BertPreTokenizer");
  read_model(root["model"], config);
  read_added_tokens(root["added_tokens"], config);
  read_post_processor(root["post_processor"], config);
  return config;
}

}  // namespace nystrom
