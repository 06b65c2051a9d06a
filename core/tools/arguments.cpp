#include "arguments.hpp"

#include <getopt.h>

#include <array>
#include <charconv>
#include <string_view>
#include <system_error>

namespace nystrom::tools {
namespace {

enum Option : int { model = 'm', help = 'h', version = 'V', json = 1000, json_lines, text_field, threads };

constexpr std::size_t most_threads = 1024;

constexpr std::array options{
    ::option{"model", required_argument, nullptr, model},
    ::option{"json", no_argument, nullptr, json},
    ::option{"jsonl", no_argument, nullptr, json_lines},
    ::option{"text-field", required_argument, nullptr, text_field},
    ::option{"threads", required_argument, nullptr, threads},
    ::option{"help", no_argument, nullptr, help},
    ::option{"version", no_argument, nullptr, version},
    ::option{nullptr, 0, nullptr, 0},
};

Command command_of(std::string_view word) {
  if (word == "classify") return Command::classify;
  if (word == "info") return Command::info;
  if (word == "help") return Command::help;
  throw UsageError("'" + std::string(word) + "' is not a command: classify, info or help");
}

void set_format(Arguments& arguments, Format format) {
  if (arguments.format != Format::text && arguments.format != format) {
    throw UsageError("--json and --jsonl exclude each other");
  }
  arguments.format = format;
}

std::size_t threads_of(std::string_view word) {
  std::size_t threads = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), threads);
  if (error != std::errc{} || end != word.data() + word.size() || threads < 1 || threads > most_threads) {
    throw UsageError("--threads takes a number from 1 to " + std::to_string(most_threads));
  }
  return threads;
}

/// getopt_long refuses an unknown option, leaving optopt 0 or the letter, and a value for one that takes none.
std::string refusal(const char* word) {
  for (const auto& known : options) {
    if (known.name != nullptr && optopt == known.val) return "--" + std::string(known.name) + " takes no value";
  }
  return (optopt == 0 ? word : std::string{'-', static_cast<char>(optopt)}) + " is not an option";
}

/// True if the option answers the whole command line.
bool apply(int option, Arguments& arguments, char** words) {
  switch (option) {
    case model: arguments.model = optarg; return false;
    case json: set_format(arguments, Format::json); return false;
    case json_lines: set_format(arguments, Format::json_lines); return false;
    case text_field: arguments.text_field = optarg; return false;
    case threads: arguments.threads = threads_of(optarg); return false;
    case help: arguments.command = Command::help; return true;
    case version: arguments.command = Command::version; return true;
    case ':': throw UsageError(std::string(words[optind - 1]) + " needs a value");
    default: throw UsageError(refusal(words[optind - 1]));
  }
}

void check_info(Arguments& arguments) {
  if (arguments.format != Format::text) throw UsageError("info has no --json and no --jsonl");
  if (arguments.files.size() > 1 || (arguments.model && !arguments.files.empty())) {
    throw UsageError("info takes one model folder");
  }
  if (!arguments.files.empty()) arguments.model = arguments.files.front();
}

}  // namespace

Arguments parse_arguments(int count, char** words) {
  Arguments arguments;
  opterr = 0;
  for (int option = 0; (option = getopt_long(count, words, ":m:hV", options.data(), nullptr)) != -1;) {
    if (apply(option, arguments, words)) return arguments;
  }
  if (optind == count) throw UsageError("there is no command: classify, info or help");
  arguments.command = command_of(words[optind]);
  arguments.files.assign(words + optind + 1, words + count);
  if (arguments.text_field && arguments.format != Format::json_lines) {
    throw UsageError("--text-field belongs to --jsonl");
  }
  if (arguments.threads && arguments.format != Format::json_lines) throw UsageError("--threads belongs to --jsonl");
  if (arguments.command == Command::info) check_info(arguments);
  return arguments;
}

}  // namespace nystrom::tools
