#include "json_line.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include <nystrom/utf8.hpp>

namespace nystrom::tools {
namespace {

/// Keeps the one field and forgets the rest, so that a line of brackets alone does not take gigabytes as a tree.
class FieldReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit FieldReader(const std::string& field) : field_(field) {}

  bool start_object(std::size_t) override {
    object_ = object_ || depth_ == 0;
    return enter();
  }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool key(string_t& name) override {
    if (depth_ == 1) wanted_ = name == field_;
    return true;
  }
  bool string(string_t& value) override {
    if (at_field()) text = std::move(value);
    return true;
  }
  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t) override { return other(); }
  bool number_unsigned(number_unsigned_t) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    constexpr int number_overflow = 406;
    problem = error.id == number_overflow ? "this has a number that is too large" : "this is not valid JSON";
    stopped = position;
    return false;
  }

  [[nodiscard]] bool read_object() const noexcept { return object_; }

  std::optional<std::string> text;
  const char* problem = nullptr;
  std::size_t stopped = 0;  ///< bytes read when there was a problem

 private:
  [[nodiscard]] bool at_field() const noexcept { return depth_ == 1 && wanted_; }
  bool other() {
    if (at_field()) text.reset();
    return true;
  }
  bool enter() {
    static_cast<void>(other());
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }

  const std::string& field_;
  std::size_t depth_ = 0;
  bool object_ = false;
  bool wanted_ = false;
};

/// The code unit of the escape "\uXXXX" at `index`, if there is one.
std::optional<std::uint16_t> escaped_unit(std::string_view text, std::size_t index) {
  if (text.size() - index < 6 || text[index] != '\\' || text[index + 1] != 'u') return std::nullopt;
  std::uint16_t unit = 0;
  const char* const digits = text.data() + index + 2;
  const auto [end, error] = std::from_chars(digits, digits + 4, unit, 16);
  if (error != std::errc{} || end != digits + 4) return std::nullopt;
  return unit;
}

/// JSON.parse takes escapes of half a surrogate pair, the parser here does not.
void replace_lone_surrogates(std::string& text) {
  for (std::size_t i = text.find('\\'); i < text.size(); i = text.find('\\', i)) {
    const auto unit = escaped_unit(text, i);
    if (!unit) {
      i += 2;
      continue;
    }
    const bool high = (*unit & 0xFC00) == 0xD800;
    const auto next = high ? escaped_unit(text, i + 6) : std::nullopt;
    if (next && (*next & 0xFC00) == 0xDC00) {
      i += 12;
      continue;
    }
    if ((*unit & 0xF800) == 0xD800) text.replace(i, 6, "\\ufffd");
    i += 6;
  }
}

[[noreturn]] void fail(const std::string& problem, std::string_view json, std::size_t byte) {
  const std::size_t offset = decode_utf8(json.substr(0, byte)).size();
  throw LineError(problem + ": reading stopped at offset " + std::to_string(offset), offset);
}

}  // namespace

std::u16string text_of_line(std::string_view line, const std::string& field) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
    throw LineError("this line is blank, not a JSON object, {\"" + field + "\": …}");
  }
  std::string json = encode_utf8(decode_utf8(line));
  // The parser would take it for the end.
  if (const std::size_t nul = json.find('\0'); nul != std::string::npos) fail("this is not valid JSON", json, nul);
  replace_lone_surrogates(json);
  FieldReader reader(field);
  if (!nlohmann::json::sax_parse(json, &reader)) {
    fail(reader.problem, json, std::min(reader.stopped == 0 ? 0 : reader.stopped - 1, json.size()));
  }
  if (!reader.read_object()) throw LineError("this is not a JSON object, {\"" + field + "\": …}");
  if (!reader.text)
    throw LineError("\"" + field + "\" is missing or not a string; --text-field names the field to read");
  return decode_utf8(*reader.text);
}

}  // namespace nystrom::tools
