#include "line_classifier.hpp"

#include <nlohmann/json.hpp>

#include <system_error>
#include <utility>
#include <vector>

#include <nystrom/error.hpp>

#include "json_line.hpp"
#include "output.hpp"
#include "reading.hpp"
#include "verdict.hpp"

namespace nystrom::tools {
namespace {

nlohmann::ordered_json error_json(const Error& error, std::size_t line, std::optional<std::size_t> offset = {}) {
  nlohmann::ordered_json json = as_json(error);
  json["error"]["line"] = line;
  if (offset) json["error"]["offset"] = *offset;
  return json;
}

}  // namespace

LineClassifier::LineClassifier(const std::shared_ptr<const Model>& model, std::size_t threads,
                               const std::string& text_field)
    : work_(workers(model, threads, text_field), [this](const Verdict& verdict) {
        all_read_ = all_read_ && verdict.read;
        print(verdict.json);
      }) {}

void LineClassifier::read(Input& input, const std::optional<std::string>& file) {
  try {
    for (std::size_t number = 1; auto chunk = input.line(); ++number) work_.add({std::move(*chunk), number, file});
  } catch (const std::system_error&) {
    work_.finish();
    throw;
  }
  work_.finish();
}

std::vector<LineClassifier::Work::Worker> LineClassifier::workers(const std::shared_ptr<const Model>& model,
                                                                  std::size_t threads, const std::string& text_field) {
  std::vector<Work::Worker> result;
  result.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    result.emplace_back([model, text_field, run = std::make_shared<Run>(model)](const Line& line) {
      return classify(*run, model->config(), line, text_field);
    });
  }
  return result;
}

LineClassifier::Verdict LineClassifier::classify(Run& run, const Config& config, const Line& line,
                                                 const std::string& text_field) {
  const auto unread = [&](const nlohmann::ordered_json& error) { return Verdict{json_line(error, line.file), false}; };
  try {
    return guarded([&] {
      check_kept(line.chunk);
      const Classification result = tools::read(run, text_of_line(line.chunk.bytes, text_field));
      return Verdict{json_line(as_json(result, config), line.file), true};
    });
  } catch (const LineError& error) {
    return unread(error_json(error, line.number, error.offset()));
  } catch (const Error& error) {
    return unread(error_json(error, line.number));
  }
}

}  // namespace nystrom::tools
