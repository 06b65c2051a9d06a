#include "text/json.hpp"

#include <nystrom/error.hpp>

#include <set>
#include <vector>

namespace nystrom {
namespace {

constexpr int deepest_nesting = 64;

/// Watches a document while it is parsed, for what nlohmann-json lets pass.
class Watcher {
 public:
  explicit Watcher(std::string_view file_name) : file_name_(file_name) {}

  bool operator()(int depth, nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (depth > deepest_nesting) {
      fail_invalid(file_name_, "is nested deeper than " + std::to_string(deepest_nesting));
    }
    if (event == Event::object_start) {
      keys_.emplace_back();
    } else if (event == Event::object_end) {
      keys_.pop_back();
    } else if (event == Event::key && !keys_.back().insert(parsed.get_ref<const std::string&>()).second) {
      fail_invalid(file_name_, "the key " + as_text(parsed) + " appears twice in one object");
    }
    return true;
  }

 private:
  std::string_view file_name_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

nlohmann::json parse_json(std::string_view text, std::string_view file_name) {
  Watcher watcher(file_name);
  try {
    return nlohmann::json::parse(text, [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
      return watcher(depth, event, parsed);
    });
  } catch (const nlohmann::json::parse_error& error) {
    // The library's own message may quote bytes that are not UTF-8.
    fail_invalid(file_name, "is not valid JSON at byte " + std::to_string(error.byte) + " of " +
                                std::to_string(text.size()) + "; fetch the file again");
  } catch (const nlohmann::json::out_of_range&) {
    fail_invalid(file_name, "has a number that is too large for any field");
  }
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
