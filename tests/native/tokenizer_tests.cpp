#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "nystrom/error.hpp"
#include "nystrom/tokenizer.hpp"
#include "text/code_points.hpp"

using namespace nystrom;
using nlohmann::json;

namespace {

const std::vector<std::string> variants{"shipped",  "uncased",   "cased", "stripped",
                                        "accented", "uncleaned", "added", "added-cased"};

struct Case {
  std::u16string text;
  std::vector<std::int32_t> ids;
  std::vector<Span> spans;
};

/// Beside the fixtures.
std::string tokenizer_path(const std::string& variant) {
  return variant == "shipped" ? "../../models/sentiment/tokenizer.json" : "tokenizer/" + variant + "/tokenizer.json";
}

Tokenizer load(const std::string& variant) {
  const std::string path = tokenizer_path(variant);
  return Tokenizer::from_json(read_fixture(path), path);
}

const Tokenizer& shipped() {
  static const Tokenizer tokenizer = load("shipped");
  return tokenizer;
}

const json& shipped_vocabulary() {
  static const json vocabulary = json::parse(read_fixture(tokenizer_path("shipped")))["model"]["vocab"];
  return vocabulary;
}

std::int32_t id_of(const char* entry) { return shipped_vocabulary().at(entry); }

/// The ids between those of [CLS] and [SEP].
std::vector<std::int32_t> framed(const std::vector<const char*>& entries) {
  std::vector<std::int32_t> ids{id_of("[CLS]")};
  for (const char* entry : entries) ids.push_back(id_of(entry));
  ids.push_back(id_of("[SEP]"));
  return ids;
}

std::vector<Case> read_cases(const std::string& variant) {
  std::ifstream file(NYSTROM_FIXTURES "/tokenizer/" + variant + "/cases.jsonl");
  std::vector<Case> cases;
  for (std::string line; std::getline(file, line);) {
    const json value = json::parse(line);
    Case& next = cases.emplace_back();
    next.text = decode_utf8_with_mark(value["text"].get<std::string>());
    next.ids = value["ids"].get<std::vector<std::int32_t>>();
    const auto& spans = value["spans"];
    for (std::size_t i = 0; i < spans.size(); i += 2) next.spans.push_back({spans[i], spans[i + 1]});
  }
  return cases;
}

std::u16string repeat(std::u16string_view text, std::size_t times) {
  std::u16string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// What the error says that `call` throws; it must have this code.
template <typename Call>
std::string message_of(ErrorCode code, Call call) {
  try {
    call();
  } catch (const Error& error) {
    CHECK(error.code() == code);
    return error.what();
  }
  FAIL("no error was thrown");
  return {};
}

}  // namespace

TEST_CASE("ids and offsets equal those of the Python library on 10,000 texts and every option") {
  std::size_t cases = 0;
  for (const std::string& variant : variants) {
    CAPTURE(variant);
    const Tokenizer tokenizer = load(variant);
    for (const Case& expected : read_cases(variant)) {
      CAPTURE(cases);
      const Encoding actual = tokenizer.encode(expected.text);
      REQUIRE(actual.ids == expected.ids);
      REQUIRE(actual.spans == expected.spans);
      REQUIRE_FALSE(actual.truncated);
      ++cases;
    }
  }
  CHECK(cases >= 10'000);
}

TEST_CASE("a text is read the same wherever the borders of the inner chunks fall") {
  for (const std::string variant : {"shipped", "cased", "uncleaned"}) {
    CAPTURE(variant);
    const Tokenizer tokenizer = load(variant);
    auto cases = read_cases(variant);
    cases.resize(300);
    for (std::size_t i = 0; i < cases.size(); ++i) {
      // White space in front is no token; it moves the text over the chunks' borders.
      const auto shift = static_cast<std::uint32_t>(1000 + i % 40);
      CAPTURE(i);
      const Encoding actual = tokenizer.encode(std::u16string(shift, u' ') + cases[i].text);
      auto spans = cases[i].spans;
      for (std::size_t k = 1; k + 1 < spans.size(); ++k) spans[k] = {spans[k].start + shift, spans[k].end + shift};
      REQUIRE(actual.ids == cases[i].ids);
      REQUIRE(actual.spans == spans);
    }
  }
}

TEST_CASE("max_tokens keeps the first tokens and the closing one, and says so") {
  const auto cases = read_cases("shipped");
  for (std::size_t i = 0; i < 100; ++i) {
    const std::size_t whole = cases[i].ids.size();
    for (std::size_t limit = 2; limit < whole + 2; ++limit) {
      const Encoding actual = shipped().encode(cases[i].text, limit);
      auto ids = cases[i].ids;
      auto spans = cases[i].spans;
      if (limit < whole) {
        ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(limit) - 1, ids.end() - 1);
        spans.erase(spans.begin() + static_cast<std::ptrdiff_t>(limit) - 1, spans.end() - 1);
      }
      REQUIRE(actual.truncated == (limit < whole));
      REQUIRE(actual.ids == ids);
      REQUIRE(actual.spans == spans);
      REQUIRE(actual.unknown_tokens == static_cast<std::size_t>(std::count(ids.begin(), ids.end(), id_of("[UNK]"))));
    }
  }
}

TEST_CASE("max_tokens below the two special tokens is an error") {
  const std::string message = message_of(ErrorCode::input_invalid, [] { (void)shipped().encode(u"a", 1); });
  CHECK(message.find("max_tokens") != std::string::npos);
}

TEST_CASE("offsets count UTF-16 units") {
  const Encoding encoding = shipped().encode(u"Some text yeah \U0001F680 rocket");
  REQUIRE(encoding.ids.size() == 7);
  CHECK(shipped().token(encoding.ids[5]) == "rocket");
  CHECK(encoding.spans[4] == Span{15, 17});
  CHECK(encoding.spans[5] == Span{18, 24});
}

TEST_CASE("offsets stay in the original text where normalisation changes its length") {
  // A deleted control, a dotted capital I, a ligature that stays, decomposed Hangul, an ideograph that gets spaces.
  const Tokenizer tokenizer = load("added");
  const Encoding encoding = tokenizer.encode(u"a\u200B\u0130X \u4E2D\u6587");
  REQUIRE(encoding.ids.size() == 5);
  CHECK(tokenizer.token(encoding.ids[2]) == "\u0130X");
  CHECK(encoding.spans[1] == Span{0, 1});
  CHECK(encoding.spans[2] == Span{2, 4});
  CHECK(tokenizer.token(encoding.ids[3]) == "\u4E2D\u6587");
  CHECK(encoding.spans[3] == Span{5, 7});

  const Encoding stripped = shipped().encode(u"re\u0301sume");
  REQUIRE(stripped.ids.size() == 3);
  CHECK(shipped().token(stripped.ids[1]) == "resume");
  CHECK(stripped.spans[1] == Span{0, 7});
}

TEST_CASE("a lone surrogate is read as U+FFFD, which normalisation deletes") {
  for (const char16_t lone : {char16_t{0xD800}, char16_t{0xDBFF}, char16_t{0xDC00}, char16_t{0xDFFF}}) {
    const Encoding encoding = shipped().encode(std::u16string(1, lone) + u"a");
    CHECK(encoding.ids == framed({"a"}));
    CHECK(encoding.spans == std::vector<Span>{{0, 0}, {1, 2}, {0, 0}});
    CHECK(shipped().encode(std::u16string(u"a") + lone).ids == encoding.ids);
  }
}

TEST_CASE("empty and blank texts have the special tokens alone") {
  for (const std::u16string_view text : {u"", u" ", u"  \n ", u"\u00A0\u3000\t", u"\u200B\uFEFF"}) {
    const Encoding encoding = shipped().encode(text);
    CHECK(encoding.empty());
    CHECK(encoding.ids == framed({}));
    CHECK(encoding.spans == std::vector<Span>(2));
    CHECK_FALSE(encoding.truncated);
  }
  CHECK_FALSE(shipped().encode(u".").empty());
}

TEST_CASE("names that JavaScript objects have are ordinary words") {
  for (const std::u16string_view text : {u"constructor", u"__proto__", u"toString", u"hasOwnProperty"}) {
    const Encoding encoding = shipped().encode(text);
    CHECK_FALSE(encoding.empty());
    CHECK(encoding.unknown_tokens == 0);
  }
}

TEST_CASE("a long text is read whole") {
  const std::size_t times = 50'000;
  const Encoding encoding = shipped().encode(repeat(u"Hello world! ", times));
  REQUIRE(encoding.ids.size() == 3 * times + 2);
  for (std::uint32_t i = 0; i < times; ++i) {
    REQUIRE(std::vector(encoding.ids.begin() + 3 * i + 1, encoding.ids.begin() + 3 * i + 4) ==
            std::vector<std::int32_t>{id_of("hello"), id_of("world"), id_of("!")});
    REQUIRE(encoding.spans[3 * i + 1] == Span{13 * i, 13 * i + 5});
    REQUIRE(encoding.spans[3 * i + 3] == Span{13 * i + 11, 13 * i + 12});
  }
}

TEST_CASE("long texts of one kind take one pass: no space, marks alone, spaces alone, brackets alone") {
  const std::size_t length = 1'000'000;
  const Encoding word = shipped().encode(std::u16string(length, u'x'));
  CHECK(word.ids == framed({"[UNK]"}));
  CHECK(word.spans[1] == Span{0, static_cast<std::uint32_t>(length)});
  CHECK(word.unknown_tokens == 1);
  CHECK(shipped().encode(u"a" + repeat(u"\u0301\u0323", length / 2)).ids == framed({"a"}));
  CHECK(shipped().encode(std::u16string(length, u' ')).empty());
  CHECK(shipped().encode(std::u16string(length, u'[')).ids.size() == length + 2);
}

TEST_CASE("a word of more than max_input_chars_per_word characters is unknown") {
  // "a" and "##a" are in the vocabulary, so shorter words are spelled; accents do not count, they are gone by then.
  for (const std::u16string_view letter : {u"a", u"a\u0301"}) {
    CHECK(shipped().encode(repeat(letter, 100)).unknown_tokens == 0);
    CHECK(shipped().encode(repeat(letter, 101)).ids == framed({"[UNK]"}));
  }
}

TEST_CASE("stripping added tokens take all white space, beyond any inner chunk") {
  const Tokenizer tokenizer = load("added");
  const std::uint32_t blanks = 5000;
  const std::u16string space(blanks, u' ');

  const Encoding left = tokenizer.encode(u"a" + space + u"<a>");
  REQUIRE(left.ids.size() == 4);
  CHECK(tokenizer.token(left.ids[2]) == "<a>");
  CHECK(left.spans[2] == Span{1, blanks + 4});

  const Encoding right = tokenizer.encode(u"my" + space + u"a");
  REQUIRE(right.ids.size() == 4);
  CHECK(tokenizer.token(right.ids[1]) == "my");
  CHECK(right.spans[1] == Span{0, blanks + 2});

  const Encoding both = tokenizer.encode(u"a" + space + u"MY nAME" + space + u"a");
  REQUIRE(both.ids.size() == 5);
  CHECK(tokenizer.token(both.ids[2]) == "My Name");
  CHECK(both.spans[2] == Span{1, 2 * blanks + 8});
}

TEST_CASE("truncation and padding entries are ignored") {
  json document = json::parse(read_fixture(tokenizer_path("uncased")));
  document["truncation"] = {{"max_length", 4}, {"strategy", "LongestFirst"}, {"stride", 0}, {"direction", "Right"}};
  document["padding"] = {{"strategy", {{"Fixed", 16}}}, {"direction", "Right"}, {"pad_id", 0}};
  const Tokenizer tokenizer = Tokenizer::from_json(document.dump());
  const auto cases = read_cases("uncased");
  for (std::size_t i = 0; i < 50; ++i) CHECK(tokenizer.encode(cases[i].text).ids == cases[i].ids);
}

TEST_CASE("BertProcessing and TemplateProcessing say the same") {
  json document = json::parse(read_fixture(tokenizer_path("uncased")));
  const auto special = [](const char* id) { return json{{"SpecialToken", {{"id", id}, {"type_id", 0}}}}; };
  const auto ids = [](const char* id, int number) { return json{{"id", id}, {"ids", {number}}, {"tokens", {id}}}; };
  document["post_processor"] = {
      {"type", "TemplateProcessing"},
      {"single", {special("[CLS]"), {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}, special("[SEP]")}},
      {"special_tokens", {{"[CLS]", ids("[CLS]", 2)}, {"[SEP]", ids("[SEP]", 3)}}}};
  CHECK(Tokenizer::from_json(document.dump()).encode(u"a").ids == load("uncased").encode(u"a").ids);
  document["post_processor"]["special_tokens"]["[SEP]"]["ids"] = {4};
  CHECK(Tokenizer::from_json(document.dump()).encode(u"a").ids.back() == 4);
}

TEST_CASE("entries are named by id") {
  const Tokenizer& tokenizer = shipped();
  CHECK(tokenizer.token(id_of("[CLS]")) == "[CLS]");
  CHECK(tokenizer.token(0) == "[PAD]");
  const auto size = static_cast<std::int32_t>(tokenizer.vocabulary_size());
  CHECK(size == static_cast<std::int32_t>(shipped_vocabulary().size()));
  CHECK_FALSE(tokenizer.token(size - 1).empty());
  for (const std::int32_t id : {-1, size}) {
    const std::string message = message_of(ErrorCode::input_invalid, [&] { (void)tokenizer.token(id); });
    CHECK(message.find(std::to_string(id)) != std::string::npos);
  }
  const Tokenizer added = load("added");
  CHECK(added.token(static_cast<std::int32_t>(added.vocabulary_size()) - 1) == "x\u0301\u0323");
}

TEST_CASE("a tokenizer.json that cannot be honoured is refused with the file's and the field's name") {
  struct Damage {
    const char* pointer;
    json value;
    const char* field;
  };
  const json no_object = 7;
  const std::vector<Damage> damages{
      {"/normalizer", nullptr, "normalizer"},
      {"/normalizer/type", "NFC", "normalizer.type"},
      {"/normalizer/lowercase", "yes", "normalizer.lowercase"},
      {"/normalizer/strip_accents", 1, "normalizer.strip_accents"},
      {"/pre_tokenizer/type", "Whitespace", "pre_tokenizer.type"},
      {"/model/type", "BPE", "model.type"},
      {"/model/vocab", json::object(), "model.vocab"},
      {"/model/vocab/a", -1, "model.vocab"},
      {"/model/vocab/a", 1 << 20, "model.vocab"},
      {"/model/vocab/a", 0, "model.vocab"},
      {"/model/vocab/a", 1.5, "model.vocab"},
      {"/model/unk_token", "[NONE]", "model.unk_token"},
      {"/model/unk_token", no_object, "model.unk_token"},
      {"/model/continuing_subword_prefix", nullptr, "model.continuing_subword_prefix"},
      {"/model/max_input_chars_per_word", -5, "model.max_input_chars_per_word"},
      {"/added_tokens", no_object, "added_tokens"},
      {"/added_tokens/1/content", "", "added_tokens[1].content"},
      {"/added_tokens/1/content", "[PAD]", "added_tokens[1].content"},
      {"/added_tokens/1/id", 1'000'000, "added_tokens[1].id"},
      {"/added_tokens/1/id", 9, "added_tokens[1].id"},
      {"/added_tokens/1/lstrip", nullptr, "added_tokens[1].lstrip"},
      {"/post_processor", nullptr, "post_processor"},
      {"/post_processor/type", "RobertaProcessing", "post_processor.type"},
      {"/post_processor/cls", {"[CLS]"}, "post_processor.cls"},
      {"/post_processor/sep/1", 1'000'000, "post_processor.sep[1]"},
  };
  const json whole = json::parse(read_fixture(tokenizer_path("uncased")));
  for (const Damage& damage : damages) {
    json document = whole;
    document[json::json_pointer(damage.pointer)] = damage.value;
    CAPTURE(damage.pointer);
    const std::string message =
        message_of(ErrorCode::model_invalid, [&] { (void)Tokenizer::from_json(document.dump(), "my.json"); });
    CHECK_MESSAGE(message.starts_with("my.json: " + std::string(damage.field)), message);
  }
  for (const char* key : {"normalizer", "pre_tokenizer", "model", "added_tokens", "post_processor"}) {
    json document = whole;
    document.erase(key);
    const std::string message =
        message_of(ErrorCode::model_invalid, [&] { (void)Tokenizer::from_json(document.dump(), "my.json"); });
    CHECK_MESSAGE(message.starts_with("my.json: " + std::string(key) + " is missing"), message);
  }
}

TEST_CASE("a file that is no JSON object is refused") {
  for (const std::string text : {"", "{", "[]", "null", "\xFF", "{\"model\": \"\\ud800\"}"}) {
    const std::string message =
        message_of(ErrorCode::model_invalid, [&] { (void)Tokenizer::from_json(text, "my.json"); });
    CHECK_MESSAGE(message.starts_with("my.json: "), message);
  }
}

TEST_CASE("an added token that normalisation deletes is refused") {
  json document = json::parse(read_fixture(tokenizer_path("uncased")));
  document["added_tokens"].push_back({{"id", document["model"]["vocab"].size()},
                                      {"content", "\u0301\u200B"},
                                      {"special", false},
                                      {"single_word", false},
                                      {"lstrip", false},
                                      {"rstrip", false},
                                      {"normalized", true}});
  const std::string message =
      message_of(ErrorCode::model_invalid, [&] { (void)Tokenizer::from_json(document.dump()); });
  CHECK_MESSAGE(message.find("added_tokens") != std::string::npos, message);
}
