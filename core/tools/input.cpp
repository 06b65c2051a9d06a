#include "input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <string_view>
#include <system_error>

namespace nystrom::tools {
namespace {

constexpr std::size_t buffer_size = 1 << 16;

[[noreturn]] void fail() { throw std::system_error(errno, std::generic_category()); }

/// What cannot be kept is dropped, and what comes after it.
void append(std::string_view bytes, Chunk& chunk) {
  chunk.too_long = chunk.too_long || chunk.bytes.size() + bytes.size() > longest_text;
  try {
    if (!chunk.too_long && !chunk.out_of_memory) return static_cast<void>(chunk.bytes.append(bytes));
  } catch (const std::bad_alloc&) {
    chunk.out_of_memory = true;
  }
  chunk.bytes = std::string();
}

}  // namespace

Input::Input(const std::string& name)
    : descriptor_(name == "-" ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC)),
      owned_(name != "-"),
      buffer_(buffer_size) {
  if (descriptor_ < 0) fail();
}

Input::~Input() {
  if (owned_) close(descriptor_);
}

/// False at the end.
bool Input::fill() {
  ssize_t count = -1;
  do {
    count = read(descriptor_, buffer_.data(), buffer_.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) fail();
  begin_ = 0;
  end_ = static_cast<std::size_t>(count);
  return count > 0;
}

/// Up to and without `end`, which is consumed.
Chunk Input::take(std::optional<char> end) {
  Chunk chunk;
  while (begin_ < end_ || fill()) {
    const char* const first = buffer_.data() + begin_;
    const char* const last = buffer_.data() + end_;
    const char* const stop = end ? std::find(first, last, *end) : last;
    const auto count = static_cast<std::size_t>(stop - first);
    append({first, count}, chunk);
    begin_ += count;
    if (stop != last) {
      ++begin_;
      break;
    }
  }
  return chunk;
}

Chunk Input::rest() { return take(std::nullopt); }

std::optional<Chunk> Input::line() {
  if (begin_ == end_ && !fill()) return std::nullopt;
  return take('\n');
}

}  // namespace nystrom::tools
