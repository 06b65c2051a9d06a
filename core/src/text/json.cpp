#include "text/json.hpp"

#include <nystrom/error.hpp>

#include <utility>
#include <vector>

namespace nystrom {
namespace {

constexpr std::size_t deepest_nesting = 64;

/// Builds a document as it is parsed, and refuses what nlohmann-json's own builder lets pass: nesting without end, and
/// a key that appears twice in one object.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::string_view text, std::string_view file_name) : text_(text), file_name_(file_name) {}

  nlohmann::json take() && { return std::move(document_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& /*as_written*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }  // not in JSON

  bool start_object(std::size_t /*unknown*/) override { return open(nlohmann::json::object()); }
  bool start_array(std::size_t /*unknown*/) override { return open(nlohmann::json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const auto [member, is_new] = open_.back()->emplace(name, nullptr);
    if (!is_new) fail_invalid(file_name_, "the key " + as_text(name) + " appears twice in one object");
    member_ = &*member;
    return true;
  }

  bool parse_error(std::size_t byte, const std::string& /*token*/, const nlohmann::detail::exception& error) override {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) fail_invalid(file_name_, "has a number that is too large for any field");
    // The library's own message may quote bytes that are not UTF-8.
    fail_invalid(file_name_, "is not valid JSON at byte " + std::to_string(byte) + " of " +
                                 std::to_string(text_.size()) + "; fetch the file again");
  }

 private:
  bool add(nlohmann::json value) {
    place(std::move(value));
    return true;
  }

  bool open(nlohmann::json empty) {
    if (open_.size() == deepest_nesting) {
      fail_invalid(file_name_, "is nested deeper than " + std::to_string(deepest_nesting));
    }
    open_.push_back(&place(std::move(empty)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  nlohmann::json& place(nlohmann::json value) {
    if (open_.empty()) return document_ = std::move(value);
    if (open_.back()->is_object()) return *member_ = std::move(value);
    open_.back()->push_back(std::move(value));
    return open_.back()->back();
  }

  std::string_view text_;
  std::string_view file_name_;
  nlohmann::json document_;
  std::vector<nlohmann::json*> open_;
  nlohmann::json* member_ = nullptr;
};

}  // namespace

nlohmann::json parse_json(std::string_view text, std::string_view file_name) {
  Builder builder(text, file_name);
  nlohmann::json::sax_parse(text, &builder);
  return std::move(builder).take();
}

std::string as_text(const nlohmann::json& value) {
  constexpr std::size_t longest = 120;
  std::string text = value.dump(-1, ' ', true);
  if (text.size() > longest) {
    text.replace(longest - 3, std::string::npos, "...");
  }
  return text;
}

void fail_invalid(std::string_view file_name, const std::string& problem) {
  throw Error(ErrorCode::model_invalid, std::string(file_name) + ": " + problem);
}

}  // namespace nystrom
