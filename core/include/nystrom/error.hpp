#pragma once

#include <stdexcept>
#include <string>

namespace nystrom {

/// What went wrong, in the words the JavaScript package uses for its `code` too.
enum class ErrorCode { model_not_found, model_invalid, input_invalid, out_of_memory };

/// "MODEL_NOT_FOUND", "MODEL_INVALID", "INPUT_INVALID" or "OUT_OF_MEMORY".
[[nodiscard]] constexpr const char* name_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::model_not_found: return "MODEL_NOT_FOUND";
    case ErrorCode::model_invalid: return "MODEL_INVALID";
    case ErrorCode::input_invalid: return "INPUT_INVALID";
    case ErrorCode::out_of_memory: return "OUT_OF_MEMORY";
  }
  return "UNKNOWN";
}

/// The one exception the library throws, but for std::bad_alloc where a text's own copies find no room.
/// `what()` names the file, field or argument and the fix.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace nystrom
