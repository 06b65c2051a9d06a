#pragma once

#include <cstddef>
#include <string>

#include "model/aligned.hpp"
#include "model/arrays.hpp"

namespace nystrom {

/// A table of vectors. Packed integers stay packed until a row is asked for: floats of a whole vocabulary take six
/// times the memory, and a third of the time that loading takes.
class Embeddings {
 public:
  Embeddings() = default;

  /// The tensor of that name, in a form that read_floats knows; `expected` is rows × columns. Throws as that does.
  Embeddings(const Safetensors& file, const std::string& name, const Shape& expected);

  /// Writes the `columns` floats of a row.
  void copy_row(std::size_t row, float* out) const;

  [[nodiscard]] std::size_t size() const noexcept { return rows_ * columns_; }

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  AlignedFloats floats_;
  Aligned<std::byte> packed_;  ///< in place of floats_
  unsigned bits_ = 0;
  AlignedFloats scale_;  ///< rows × groups of columns
};

}  // namespace nystrom
