#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "arguments.hpp"
#include "classify.hpp"
#include "info.hpp"
#include "model_folder.hpp"
#include "output.hpp"

namespace {

namespace tools = nystrom::tools;

enum Status : int { success = 0, some_unread = 1, failure = 2 };

constexpr const char* help = R"(Reads texts of any length as positive or negative, on this machine.

  nystromformer classify [FILE…]            a verdict for each file, or for standard input
  nystromformer classify --jsonl [FILE…]    reads a JSON object a line, writes one a line
  nystromformer info [MODEL]                what a model folder holds

Options
  --json               classify: one JSON object a text instead of words
  --jsonl              classify: every input line is an object with a text, {"text": "It was fun."}; the output has its
                       verdict, in order
  --text-field NAME    with --jsonl, the field that holds the text (text)
  --threads N          with --jsonl, how many lines are read at a time (1; `npx nystromformer` always reads one); memory
                       grows with it
  -m, --model FOLDER   config.json, tokenizer.json and model.safetensors; else the folder that NYSTROMFORMER_MODEL
                       names, else the model that came along
  -h, --help           this
  -V, --version        the version

Examples
  nystromformer classify review.txt
  nystromformer classify --jsonl --threads $(nproc) < reviews.jsonl > verdicts.jsonl
  curl -s https://example.org/review.txt | nystromformer classify
  nystromformer classify --jsonl < reviews.jsonl | jq -r .label
  parallel --pipe -k nystromformer classify --jsonl < reviews.jsonl > verdicts.jsonl

A verdict's JSON
  label                one of the model's two, here negative and positive; null if the text is empty
  score, scores        probability of the label; of both
  logit                log-odds of positive
  tokens               word pieces read, the two that frame each text included
  unknownTokens        how many of them the vocabulary lacks
  truncated            the text had more tokens than are read, 262144, and was cut there
  empty                there was nothing to read
  file                 which one, if there are several or it can't be read

A line or file that can't be read gives {"error": {"code", "message", "line", "offset"}} in its place: line counts from
1, offset is where in the line reading stopped, in UTF-16 units as JavaScript and Java count them. A text may have 64 MB.
Input is UTF-8; what is not becomes U+FFFD, a byte order mark is dropped. Memory does not grow with the number of lines.

Status: 0 all texts were read, 1 some could not be read, 2 nothing was done or the output failed.)";

int run(const tools::Arguments& arguments) {
  switch (arguments.command) {
    case tools::Command::classify: return tools::classify(arguments) ? success : some_unread;
    case tools::Command::info: tools::print_info(tools::model_folder(arguments.model)); return success;
    case tools::Command::help: tools::print(help); return success;
    case tools::Command::version: tools::print("nystromformer " NYSTROM_VERSION); return success;
  }
  return failure;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(tools::parse_arguments(count, words));
  } catch (const tools::UsageError& error) {
    std::fprintf(stderr, "nystromformer: %s\nTry: nystromformer --help\n", error.what());
  } catch (const std::bad_alloc&) {
    std::fputs("nystromformer: there is not enough memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nystromformer: %s\n", error.what());
  }
  return failure;
}
