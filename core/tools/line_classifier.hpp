#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nystrom/model.hpp>
#include <nystrom/run.hpp>

#include "input.hpp"
#include "ordered_work.hpp"

namespace nystrom::tools {

/// Reads lines that are JSON objects with a text and prints one a line, in their order, with several threads.
class LineClassifier {
 public:
  LineClassifier(const std::shared_ptr<const Model>& model, std::size_t threads, const std::string& text_field);

  /// Prints the lines' verdicts, `file` in each if it is given. Throws std::system_error if reading fails; what was
  /// read before is printed.
  void read(Input& input, const std::optional<std::string>& file);

  /// Whether every line so far had a text that could be read.
  [[nodiscard]] bool all_read() const noexcept { return all_read_; }

 private:
  struct Line {
    Chunk chunk;
    std::size_t number;  ///< counts from 1
    std::optional<std::string> file;
  };
  struct Verdict {
    std::string json;
    bool read;
  };

  using Work = OrderedWork<Line, Verdict>;

  /// Each has a run of its own, whose memory serves line after line.
  static std::vector<Work::Worker> workers(const std::shared_ptr<const Model>& model, std::size_t threads,
                                           const std::string& text_field);
  static Verdict classify(Run& run, const Config& config, const Line& line, const std::string& text_field);

  bool all_read_ = true;
  Work work_;
};

}  // namespace nystrom::tools
