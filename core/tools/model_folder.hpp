#pragma once

#include <filesystem>
#include <optional>

namespace nystrom::tools {

/// The folder that was asked for; else what NYSTROMFORMER_MODEL names; else the shipped model, installed
/// (share/nystromformer/sentiment) or in the project (models/sentiment) above this program.
/// Throws Error{model_not_found} if there is none.
[[nodiscard]] std::filesystem::path model_folder(const std::optional<std::filesystem::path>& asked);

}  // namespace nystrom::tools
