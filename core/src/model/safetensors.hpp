#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace nystrom {

/// Element types that are read; a file may hold others beside them, as long as nobody asks for them.
enum class Dtype { f32, f16, bf16, i8, u8, other };

/// One array of a file.
struct Tensor {
  Dtype dtype = Dtype::other;
  std::string dtype_name;  ///< as the file spells it
  std::vector<std::uint64_t> shape;
  std::span<const std::byte> bytes;  ///< row-major, little-endian, not necessarily aligned
};

/// The directory of a safetensors file (github.com/huggingface/safetensors, "Format"): eight bytes of header length, a
/// JSON header, and the tensors' bytes without gaps. It refers to the file's bytes and copies none.
class Safetensors {
 public:
  /// Checks everything that the file says of itself. Throws Error{model_invalid} naming `file_name`, tensor and field.
  explicit Safetensors(std::span<const std::byte> file, std::string_view file_name = "model.safetensors");

  [[nodiscard]] const Tensor* find(std::string_view name) const;

  /// Throws Error{model_invalid} naming the missing tensor.
  [[nodiscard]] const Tensor& at(std::string_view name) const;

  /// Throws Error{model_invalid} with a message on that tensor.
  [[noreturn]] void fail(std::string_view name, const std::string& problem) const;

 private:
  [[nodiscard]] Tensor read_entry(const std::string& name, const nlohmann::json& entry,
                                  std::span<const std::byte> data) const;
  void check_layout(std::span<const std::byte> data) const;

  std::string file_name_;
  std::map<std::string, Tensor, std::less<>> tensors_;
};

}  // namespace nystrom
