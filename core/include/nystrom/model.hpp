#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <nystrom/config.hpp>
#include <nystrom/tokenizer.hpp>

namespace nystrom {

/// The bytes of a model folder's three files. They are copied out of while loading and not kept.
struct ModelFiles {
  std::string_view config;             ///< config.json
  std::string_view tokenizer;          ///< tokenizer.json
  std::span<const std::byte> weights;  ///< model.safetensors
};

struct ModelOptions {
  /// Instruction set of the kernels, as `available_kernels` names them; empty: the fastest here, or the one that the
  /// environment variable NYSTROM_KERNELS names.
  std::string kernels;
};

struct Weights;

/// A loaded model: immutable, so runs in several threads may share one.
class Model {
 public:
  /// Throws Error{model_invalid} naming file and field, Error{input_invalid} for unknown kernels, Error{out_of_memory}.
  static std::shared_ptr<const Model> load(const ModelFiles& files, const ModelOptions& options = {});

  /// Reads the three files of `folder`; moreover throws Error{model_not_found} naming the file that can't be read.
  static std::shared_ptr<const Model> load(const std::filesystem::path& folder, const ModelOptions& options = {});

  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  ~Model();

  [[nodiscard]] const Config& config() const noexcept;
  [[nodiscard]] const Tokenizer& tokenizer() const noexcept;
  [[nodiscard]] std::string_view kernels() const noexcept;  ///< the instruction set in use
  [[nodiscard]] std::size_t parameters() const noexcept;    ///< how many numbers were trained
  [[nodiscard]] const Weights& weights() const noexcept;    ///< for the library itself

 private:
  struct Data;
  explicit Model(std::unique_ptr<const Data> data) noexcept;
  std::unique_ptr<const Data> data_;
};

/// Names of the kernels that this machine can run, fastest last.
[[nodiscard]] std::span<const std::string_view> available_kernels();

}  // namespace nystrom
