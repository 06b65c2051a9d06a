#include "model/arrays.hpp"

#include "text/json.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

namespace nystrom {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

float from_bfloat16(std::uint16_t bits) noexcept { return std::bit_cast<float>(std::uint32_t{bits} << 16U); }

float from_float16(std::uint16_t bits) noexcept {
  constexpr std::uint32_t exponent = 0x7c00;
  // Infinity or not a number: neither is a weight.
  if ((bits & exponent) == exponent) {
    return std::numeric_limits<float>::quiet_NaN();
  }
  // Float16's exponent is biased by 15, float32's by 127; the product is exact, also from subnormal numbers.
  const float magnitude = std::bit_cast<float>((bits & 0x7fffU) << 13U) * 0x1p112F;
  return (bits & 0x8000U) != 0 ? -magnitude : magnitude;
}

/// The elements in file order, which may start at any byte.
template <class Stored, class Convert>
void convert(std::span<const std::byte> bytes, float* out, Convert to_float) {
  for (std::size_t i = 0; i < bytes.size() / sizeof(Stored); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    out[i] = to_float(stored);
  }
}

/// Shapes come from a checked config.json: the product can't overflow.
std::uint64_t element_count(const Shape& shape) {
  std::uint64_t count = 1;
  for (const auto length : shape) {
    count *= length;
  }
  return count;
}

void check_shape(const Safetensors& file, const std::string& name, const Shape& expected) {
  const Shape& shape = file.at(name).shape;
  if (shape != expected) {
    file.fail(name, "has shape " + as_text(shape) + " where config.json asks for " + as_text(expected));
  }
}

void check_finite(const Safetensors& file, const std::string& name, const AlignedFloats& values) {
  const auto bad = std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
  if (bad != values.end()) {
    file.fail(name, "holds a value that is not a finite number, at element " + std::to_string(bad - values.begin()));
  }
}

AlignedFloats stored_floats(const Safetensors& file, const std::string& name, const Shape& expected) {
  check_shape(file, name, expected);
  const Tensor& tensor = file.at(name);
  AlignedFloats values = allocate<float>(element_count(expected));
  switch (tensor.dtype) {
    case Dtype::f32: convert<float>(tensor.bytes, values.data(), [](float value) { return value; }); break;
    case Dtype::f16: convert<std::uint16_t>(tensor.bytes, values.data(), from_float16); break;
    case Dtype::bf16: convert<std::uint16_t>(tensor.bytes, values.data(), from_bfloat16); break;
    default:
      file.fail(name, "has dtype " + tensor.dtype_name + "; supported are F32, F16, BF16 and, for matrices, I8 and U8");
  }
  check_finite(file, name, values);
  return values;
}

AlignedFloats read_scales(const Safetensors& file, const std::string& matrix, const Shape& expected) {
  const std::string name = matrix + "_scale";
  const Tensor* tensor = file.find(name);
  if (tensor == nullptr) {
    file.fail(name, "is missing: a tensor of dtype " + file.at(matrix).dtype_name + " needs its scales");
  }
  if (holds_integers(*tensor)) {
    file.fail(name, "has dtype " + tensor->dtype_name + "; scales are floats");
  }
  const Shape& shape = tensor->shape;
  const std::uint64_t groups = shape.size() == 2 ? shape[1] : 1;
  const bool fits = (shape.size() == 1 || shape.size() == 2) && shape[0] == expected[0];
  if (!fits || groups == 0 || expected[1] % groups != 0) {
    file.fail(name, "has shape " + as_text(shape) + " where each of " + std::to_string(expected[0]) +
                        " rows needs one scale, or as many as divide its " + std::to_string(expected[1]) + " columns");
  }
  return stored_floats(file, name, shape);
}

Aligned<std::int8_t> whole_bytes(const Safetensors& file, const std::string& name, const Shape& expected) {
  check_shape(file, name, expected);
  auto values = allocate<std::int8_t>(element_count(expected));
  const auto bytes = file.at(name).bytes;
  std::memcpy(values.data(), bytes.data(), bytes.size());
  if (std::ranges::min(values) < -127) {
    file.fail(name, "holds -128, which int8 weights do not use");
  }
  return values;
}

Shape packed_shape(const Shape& logical, unsigned bits) { return {logical[0], logical[1] * bits / 8}; }

unsigned packed_bits(const Safetensors& file, const std::string& name, const Shape& expected) {
  const Shape& shape = file.at(name).shape;
  for (const unsigned bits : {4U, 5U, 6U}) {
    if (expected[1] * bits % 8 == 0 && shape == packed_shape(expected, bits)) {
      return bits;
    }
  }
  file.fail(name, "has shape " + as_text(shape) + " where config.json asks for " + as_text(packed_shape(expected, 4)) +
                      " bytes (4 bits a value), " + as_text(packed_shape(expected, 5)) + " (5 bits) or " +
                      as_text(packed_shape(expected, 6)) + " (6 bits)");
}

Aligned<std::int8_t> unpacked(const PackedIntegers& matrix, const Shape& expected) {
  auto values = allocate<std::int8_t>(element_count(expected));
  const auto columns = static_cast<std::size_t>(expected[1]);
  const std::size_t row_bytes = columns * matrix.bits / 8;
  // Row by row: a WebAssembly engine optimises what is called often, not what loops for long.
  const std::byte* row = matrix.bytes.data();
  for (auto* out = values.data(); out != values.data() + values.size(); out += columns, row += row_bytes) {
    unpack(row, matrix.bits, out, columns);
  }
  return values;
}

}  // namespace

bool holds_integers(const Tensor& tensor) noexcept { return tensor.dtype == Dtype::i8 || tensor.dtype == Dtype::u8; }

ScaledIntegers read_integers(const Safetensors& file, const std::string& name, const Shape& expected) {
  const Tensor& tensor = file.at(name);
  if (expected.size() != 2 || tensor.shape.size() != 2) {
    file.fail(name, "has dtype " + tensor.dtype_name + ", which is for matrices alone");
  }
  if (tensor.dtype == Dtype::u8) {
    auto packed = read_packed(file, name, expected);
    return {.values = unpacked(packed, expected), .scale = std::move(packed.scale)};
  }
  return {.values = whole_bytes(file, name, expected), .scale = read_scales(file, name, expected)};
}

PackedIntegers read_packed(const Safetensors& file, const std::string& name, const Shape& expected) {
  return {.bytes = file.at(name).bytes,
          .bits = packed_bits(file, name, expected),
          .scale = read_scales(file, name, expected)};
}

template <class Number>
void unpack(const std::byte* packed, unsigned bits, Number* out, std::size_t count) {
  const auto zero = static_cast<int>(1U << (bits - 1));
  std::uint32_t window = 0;
  unsigned held = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (held < bits) {
      window |= std::to_integer<std::uint32_t>(*packed++) << held;
      held += 8;
    }
    out[i] = static_cast<Number>(static_cast<int>(window & ((1U << bits) - 1)) - zero);
    window >>= bits;
    held -= bits;
  }
}

template void unpack(const std::byte* packed, unsigned bits, std::int8_t* out, std::size_t count);
template void unpack(const std::byte* packed, unsigned bits, float* out, std::size_t count);

void scale_groups(std::span<float> values, std::span<const float> scale) {
  const std::size_t group = values.size() / scale.size();
  float* value = values.data();
  for (const float factor : scale) {
    for (std::size_t i = 0; i < group; ++i) *value++ *= factor;
  }
}

AlignedFloats read_floats(const Safetensors& file, const std::string& name, const Shape& expected) {
  if (!holds_integers(file.at(name))) {
    return stored_floats(file, name, expected);
  }
  const auto matrix = read_integers(file, name, expected);
  AlignedFloats values = allocate<float>(element_count(expected));
  std::ranges::copy(matrix.values, values.begin());
  scale_groups(values, matrix.scale);
  check_finite(file, name, values);
  return values;
}

}  // namespace nystrom
