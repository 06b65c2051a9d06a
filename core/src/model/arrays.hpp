#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/aligned.hpp"
#include "model/safetensors.hpp"

namespace nystrom {

using Shape = std::vector<std::uint64_t>;

/// A matrix of rows × columns whose value at (row, column) is values[row · columns + column] times a scale: that of its
/// row or, where a row has g of them, that of its group of columns / g neighbours.
struct ScaledIntegers {
  Aligned<std::int8_t> values;
  AlignedFloats scale;  ///< rows × g
};

/// The same as a file holds it, several numbers in a byte: rows · columns of `bits` bits, the first in the lowest ones,
/// v + 2^(bits-1) for v. A row begins with a byte.
struct PackedIntegers {
  std::span<const std::byte> bytes;  ///< of the file
  unsigned bits = 0;                 ///< 4, 5 or 6
  AlignedFloats scale;               ///< rows × g
};

/// Whether the tensor is stored as integers: I8, or U8 for packed ones.
[[nodiscard]] bool holds_integers(const Tensor& tensor) noexcept;

/// The tensor T of that name, which holds integers and whose logical shape must be `expected` = rows × columns. Beside
/// it must stand a tensor T_scale of floats, rows or rows × g. Throws Error{model_invalid} naming file and tensor,
/// std::bad_alloc. T may be
/// - I8, rows × columns: values in [-127, 127];
/// - U8, rows × (columns · b / 8) with b = 4, 5 or 6: PackedIntegers.
[[nodiscard]] ScaledIntegers read_integers(const Safetensors& file, const std::string& name, const Shape& expected);

/// The same for a tensor that is U8, without unpacking it.
[[nodiscard]] PackedIntegers read_packed(const Safetensors& file, const std::string& name, const Shape& expected);

/// The first `count` numbers of packed ones, as int8 or float.
template <class Number>
void unpack(const std::byte* packed, unsigned bits, Number* out, std::size_t count);

/// Multiplies values by their scales, the first of which is that of the first so many, and so on.
void scale_groups(std::span<float> values, std::span<const float> scale);

/// The tensor of that name as floats: F32, F16, BF16 or, for matrices, integers times their scales.
/// Throws as read_integers does, also where a value is not finite.
[[nodiscard]] AlignedFloats read_floats(const Safetensors& file, const std::string& name, const Shape& expected);

}  // namespace nystrom
