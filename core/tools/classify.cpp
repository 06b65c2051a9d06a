#include "classify.hpp"

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <nystrom/error.hpp>
#include <nystrom/model.hpp>
#include <nystrom/run.hpp>
#include <nystrom/utf8.hpp>

#include "input.hpp"
#include "json_line.hpp"
#include "model_folder.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "verdict.hpp"

namespace nystrom::tools {
namespace {

using nlohmann::ordered_json;

[[noreturn]] void refuse_long_text() {
  throw Error(ErrorCode::input_invalid,
              "this is longer than " + std::to_string(longest_text / 1'000'000) + " MB; split it into shorter texts");
}

ordered_json as_json(const Error& error, std::optional<std::size_t> line = std::nullopt) {
  ordered_json json{{"code", name_of(error.code())}, {"message", error.what()}};
  if (line) json["line"] = *line;
  const auto* const bad_line = dynamic_cast<const LineError*>(&error);
  const auto offset = bad_line == nullptr ? std::nullopt : bad_line->offset();
  if (offset) json["offset"] = *offset;
  return {{"error", std::move(json)}};
}

/// One model and one run, whose memory serves text after text.
class Reader {
 public:
  explicit Reader(const Arguments& arguments)
      : arguments_(arguments), model_(Model::load(model_folder(arguments.model))), run_(model_) {}

  void read_file(const std::string& name) {
    try {
      Input input(name);
      if (arguments_.format == Format::json_lines) return read_lines(name, input);
      report(name, classify(input.rest()));
    } catch (const Error& error) {
      report(name, error);
    } catch (const std::system_error& error) {
      report(name, Error(ErrorCode::input_invalid, "can't be read: " + error.code().message()));
    }
  }

  [[nodiscard]] bool all_read() const noexcept { return all_read_; }

 private:
  Classification classify(std::u16string text) {
    ProgressLine progress;
    std::vector<std::u16string> texts;
    texts.push_back(std::move(text));
    run_.begin(std::move(texts));
    for (Progress state; !state.done;) {
      state = run_.advance();
      progress.show(state.fraction);
    }
    return run_.results().front();
  }

  Classification classify(const Chunk& text) {
    if (text.too_long) refuse_long_text();
    return classify(decode_utf8(text.bytes));
  }

  ordered_json read_line(const Chunk& line, std::size_t number) {
    try {
      if (line.too_long) refuse_long_text();
      return tools::as_json(classify(text_of_line(line.bytes, arguments_.text_field)), model_->config());
    } catch (const Error& error) {
      all_read_ = false;
      return as_json(error, number);
    }
  }

  void read_lines(const std::string& name, Input& input) {
    for (std::size_t number = 1; const auto line = input.line(); ++number) print_json(name, read_line(*line, number));
  }

  [[nodiscard]] bool names_files() const noexcept { return arguments_.files.size() > 1; }

  void report(const std::string& name, const Classification& result) {
    if (arguments_.format == Format::text) {
      return print((names_files() ? name + ": " : "") + as_words(result, model_->config()));
    }
    print_json(name, tools::as_json(result, model_->config()));
  }

  void report(const std::string& name, const Error& error) {
    all_read_ = false;
    if (arguments_.format == Format::text) {
      std::fprintf(stderr, "nystromformer: %s: %s\n", name.c_str(), error.what());
    } else {
      print_json(name, as_json(error));
    }
  }

  void print_json(const std::string& name, const ordered_json& fields) {
    ordered_json json;
    if (names_files()) json["file"] = name;
    json.update(fields);
    print(json.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  }

  const Arguments& arguments_;
  std::shared_ptr<const Model> model_;
  Run run_;
  bool all_read_ = true;
};

}  // namespace

bool classify(const Arguments& arguments) {
  Reader reader(arguments);
  if (arguments.files.empty()) {
    if (isatty(STDIN_FILENO) != 0) std::fputs("Type a text, then Ctrl-D on a line of its own.\n", stderr);
    reader.read_file("-");
  }
  for (const std::string& file : arguments.files) reader.read_file(file);
  return reader.all_read();
}

}  // namespace nystrom::tools
