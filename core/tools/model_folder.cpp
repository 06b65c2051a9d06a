#include "model_folder.hpp"

#include <cstdlib>
#include <system_error>

#include <nystrom/error.hpp>

namespace nystrom::tools {

std::filesystem::path model_folder(const std::optional<std::filesystem::path>& asked) {
  if (asked) return *asked;
  const char* const named = std::getenv("NYSTROMFORMER_MODEL");
  if (named != nullptr && *named != '\0') return named;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (auto folder = program; folder.has_relative_path(); folder = folder.parent_path()) {
    for (const char* const place : {"share/nystromformer/sentiment", "models/sentiment"}) {
      auto candidate = folder.parent_path() / place;
      if (std::filesystem::exists(candidate / "config.json", error)) return candidate;
    }
  }
  throw Error(ErrorCode::model_not_found,
              "there is no model beside this program; name its folder with --model or NYSTROMFORMER_MODEL");
}

}  // namespace nystrom::tools
