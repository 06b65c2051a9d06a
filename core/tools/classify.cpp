#include "classify.hpp"

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <new>
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

/// A file's name need not be UTF-8.
std::string dumped(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json error_json(const Error& error) {
  return {{"error", {{"code", name_of(error.code())}, {"message", error.what()}}}};
}

/// A line's number counts from 1.
ordered_json error_json(const Error& error, std::size_t line, std::optional<std::size_t> offset = std::nullopt) {
  ordered_json json = error_json(error);
  json["error"]["line"] = line;
  if (offset) json["error"]["offset"] = *offset;
  return json;
}

/// Calls work(), an exhausted memory being an Error like any other.
template <class Work>
auto guarded(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::out_of_memory, "there is not enough memory to read this text; shorten it");
  }
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
      report(name, guarded([&] { return classify(input.rest()); }));
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
      return guarded([&] {
        if (line.too_long) refuse_long_text();
        return as_json(classify(text_of_line(line.bytes, arguments_.text_field.value_or("text"))), model_->config());
      });
    } catch (const LineError& error) {
      all_read_ = false;
      return error_json(error, number, error.offset());
    } catch (const Error& error) {
      all_read_ = false;
      return error_json(error, number);
    }
  }

  void read_lines(const std::string& name, Input& input) {
    for (std::size_t number = 1; const auto line = input.line(); ++number) print_json(name, read_line(*line, number));
  }

  [[nodiscard]] bool several_files() const noexcept { return arguments_.files.size() > 1; }

  void report(const std::string& name, const Classification& result) {
    if (arguments_.format == Format::text) {
      return print((several_files() ? name + ": " : "") + as_words(result, model_->config()));
    }
    print_json(name, as_json(result, model_->config()));
  }

  void report(const std::string& name, const Error& error) {
    all_read_ = false;
    if (arguments_.format == Format::text) {
      std::fprintf(stderr, "nystromformer: %s: %s\n", name.c_str(), error.what());
    } else {
      ordered_json json{{"file", name}};
      json.update(error_json(error));
      print(dumped(json));
    }
  }

  void print_json(const std::string& name, const ordered_json& fields) {
    ordered_json json;
    if (several_files()) json["file"] = name;
    json.update(fields);
    print(dumped(json));
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
    if (isatty(STDIN_FILENO) != 0) std::fputs("Reading what you type; Ctrl-D on a line of its own ends it.\n", stderr);
    reader.read_file("-");
  }
  for (const std::string& file : arguments.files) reader.read_file(file);
  return reader.all_read();
}

}  // namespace nystrom::tools
