#include "json_line.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nystrom;
  try {
    static_cast<void>(tools::text_of_line(fuzz::as_text(data, size), "text"));
  } catch (const tools::LineError& error) {
    fuzz::require(error.offset().value_or(0) <= size);
  }
  return 0;
}
