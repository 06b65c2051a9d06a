#include <nystrom/error.hpp>
#include <nystrom/model.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>
#include <string>

#include "model/aligned.hpp"

namespace nystrom {
namespace {

std::string read_file(const std::filesystem::path& path) {
  const auto fail = [&](const char* reason) {
    throw Error(ErrorCode::model_not_found,
                path.string() + " can't be read: " + reason +
                    ". A model folder holds config.json, tokenizer.json and model.safetensors");
  };
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) {
    fail(error.message().c_str());
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    fail(std::strerror(errno));
  }
  std::string contents(addressable<char>(size), '\0');
  stream.read(contents.data(), static_cast<std::streamsize>(contents.size()));
  if (stream.gcount() != static_cast<std::streamsize>(contents.size())) {
    fail("it ended early");
  }
  return contents;
}

}  // namespace

std::shared_ptr<const Model> Model::load(const std::filesystem::path& folder, const ModelOptions& options) {
  try {
    const auto config = read_file(folder / "config.json");
    const auto tokenizer = read_file(folder / "tokenizer.json");
    const auto weights = read_file(folder / "model.safetensors");
    return load({config, tokenizer, std::as_bytes(std::span(weights))}, options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::model_invalid) {
      throw;
    }
    throw Error(error.code(), "model folder " + folder.string() + ": " + error.what());
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::out_of_memory, folder.string() + ": there is not enough memory to read this model");
  }
}

}  // namespace nystrom
