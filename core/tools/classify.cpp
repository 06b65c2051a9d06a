#include "classify.hpp"

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <nystrom/error.hpp>
#include <nystrom/model.hpp>
#include <nystrom/run.hpp>
#include <nystrom/utf8.hpp>

#include "input.hpp"
#include "line_classifier.hpp"
#include "model_folder.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "reading.hpp"
#include "terminal.hpp"
#include "verdict.hpp"

namespace nystrom::tools {
namespace {

#ifdef __EMSCRIPTEN__
constexpr bool has_threads = false;
#else
constexpr bool has_threads = true;
#endif

/// One model and one run, whose memory serves text after text.
class Reader {
 public:
  explicit Reader(const Arguments& arguments)
      : arguments_(arguments), model_(Model::load(model_folder(arguments.model))), run_(model_) {
    if (arguments.format == Format::json_lines) {
      lines_.emplace(model_, has_threads ? arguments.threads.value_or(1) : 1, arguments.text_field.value_or("text"));
    }
  }

  void read_file(const std::string& name) {
    try {
      Input input(name);
      if (lines_) return lines_->read(input, file_field(name));
      report(name, classify(input.rest()));
    } catch (const Error& error) {
      report(name, error);
    } catch (const std::system_error& error) {
      report(name, Error(ErrorCode::input_invalid, "can't be read: " + error.code().message()));
    }
  }

  [[nodiscard]] bool all_read() const noexcept { return all_read_ && (!lines_ || lines_->all_read()); }

 private:
  Classification classify(const Chunk& text) {
    check_kept(text);
    ProgressLine progress;
    return guarded(
        [&] { return read(run_, decode_utf8(text.bytes), [&](double fraction) { progress.show(fraction); }); });
  }

  /// The name, if there are several.
  [[nodiscard]] std::optional<std::string> file_field(const std::string& name) const {
    return arguments_.files.size() > 1 ? std::optional(name) : std::nullopt;
  }

  void report(const std::string& name, const Classification& result) {
    const auto file = file_field(name);
    if (arguments_.format == Format::text) {
      return print((file ? name + ": " : "") + as_words(result, model_->config()));
    }
    print(json_line(as_json(result, model_->config()), file));
  }

  void report(const std::string& name, const Error& error) {
    all_read_ = false;
    if (arguments_.format == Format::text) {
      std::fprintf(stderr, "nystromformer: %s: %s\n", name.c_str(), error.what());
    } else {
      print(json_line(as_json(error), name == "-" ? file_field(name) : std::optional(name)));
    }
  }

  const Arguments& arguments_;
  std::shared_ptr<const Model> model_;
  Run run_;
  std::optional<LineClassifier> lines_;
  bool all_read_ = true;
};

}  // namespace

bool classify(const Arguments& arguments) {
  Reader reader(arguments);
  if (arguments.files.empty()) {
    if (is_terminal(STDIN_FILENO)) std::fputs("Reading what you type; Ctrl-D on a line of its own ends it.\n", stderr);
    reader.read_file("-");
  }
  for (const std::string& file : arguments.files) reader.read_file(file);
  return reader.all_read();
}

}  // namespace nystrom::tools
