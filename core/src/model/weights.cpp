#include "model/weights.hpp"

#include "model/safetensors.hpp"
#include "text/json.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

namespace nystrom {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

using Shape = std::vector<std::uint64_t>;

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

template <class T>
Aligned<T> allocate(std::uint64_t count) {
  if (count > std::numeric_limits<std::size_t>::max() / sizeof(T) / 2) {
    throw std::bad_array_new_length();
  }
  return Aligned<T>(static_cast<std::size_t>(count));
}

/// A matrix whose value is values[row][column] · scale[row].
struct Int8Rows {
  std::span<const std::int8_t> values;  ///< in the file
  AlignedFloats scale;
};

class Reader {
 public:
  Reader(const Safetensors& file, const kernels::KernelTable& kernels) : file_(file), kernels_(kernels) {}

  /// The tensor of that name as floats, once its shape is found to be the expected one.
  AlignedFloats array(const std::string& name, const Shape& expected) {
    const Tensor& tensor = file_.at(name);
    AlignedFloats values =
        tensor.dtype == Dtype::i8 ? dequantised(name, tensor, expected) : floats(name, tensor, expected);
    parameters_ += values.size();
    return values;
  }

  Linear linear(const std::string& prefix, std::size_t inputs, std::size_t outputs) {
    Linear linear;
    linear.inputs = inputs;
    linear.outputs = outputs;
    const std::string name = prefix + ".weight";
    if (file_.at(name).dtype == Dtype::i8) {
      const Int8Rows rows = int8_rows(name, file_.at(name), {outputs, inputs});
      linear.scale = rows.scale;
      linear.words = allocate<std::int32_t>(kernels::packed_words(kernels_, inputs, outputs));
      linear.sums = allocate<std::int32_t>(outputs);
      kernels_.pack_int8(rows.values.data(), inputs, outputs, linear.words.data(), linear.sums.data());
      parameters_ += rows.values.size();
    } else {
      const auto matrix = array(name, {outputs, inputs});
      linear.packed = allocate<float>(kernels::packed_size(kernels_, inputs, outputs));
      kernels_.pack(matrix.data(), 1, inputs, inputs, outputs, linear.packed.data());
    }
    linear.bias = array(prefix + ".bias", {outputs});
    return linear;
  }

  LayerNorm layer_norm(const std::string& prefix, std::size_t width) {
    return {array(prefix + ".weight", {width}), array(prefix + ".bias", {width})};
  }

  [[nodiscard]] std::size_t parameters() const noexcept { return parameters_; }

 private:
  void check_shape(const std::string& name, const Tensor& tensor, const Shape& expected) const {
    if (tensor.shape != expected) {
      file_.fail(name, "has shape " + as_text(tensor.shape) + " where config.json asks for " + as_text(expected));
    }
  }

  void check_finite(const std::string& name, const AlignedFloats& values) const {
    const auto bad = std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
    if (bad != values.end()) {
      file_.fail(name, "holds a value that is not a finite number, at element " + std::to_string(bad - values.begin()));
    }
  }

  AlignedFloats floats(const std::string& name, const Tensor& tensor, const Shape& expected) const {
    check_shape(name, tensor, expected);
    AlignedFloats values = allocate<float>(element_count(expected));
    switch (tensor.dtype) {
      case Dtype::f32: convert<float>(tensor.bytes, values.data(), [](float value) { return value; }); break;
      case Dtype::f16: convert<std::uint16_t>(tensor.bytes, values.data(), from_float16); break;
      case Dtype::bf16: convert<std::uint16_t>(tensor.bytes, values.data(), from_bfloat16); break;
      default:
        file_.fail(name, "has dtype " + tensor.dtype_name + "; supported are F32, F16, BF16 and, for matrices, I8");
    }
    check_finite(name, values);
    return values;
  }

  [[nodiscard]] Int8Rows int8_rows(const std::string& name, const Tensor& tensor, const Shape& expected) const {
    if (tensor.shape.size() != 2) {
      file_.fail(name, "has dtype I8, which is for matrices alone");
    }
    const std::string scale_name = name + "_scale";
    const Tensor* scale_tensor = file_.find(scale_name);
    if (scale_tensor == nullptr) {
      file_.fail(scale_name, "is missing: a tensor of dtype I8 needs its scales");
    }
    if (scale_tensor->dtype != Dtype::f32) {
      file_.fail(scale_name, "has dtype " + scale_tensor->dtype_name + " instead of F32");
    }
    Int8Rows rows;
    rows.scale = floats(scale_name, *scale_tensor, {tensor.shape[0]});
    check_shape(name, tensor, expected);
    rows.values = {reinterpret_cast<const std::int8_t*>(tensor.bytes.data()), tensor.bytes.size()};
    if (std::ranges::min(rows.values) < -127) {
      file_.fail(name, "holds -128, which int8 weights do not use");
    }
    return rows;
  }

  AlignedFloats dequantised(const std::string& name, const Tensor& tensor, const Shape& expected) const {
    const Int8Rows rows = int8_rows(name, tensor, expected);
    AlignedFloats values = allocate<float>(rows.values.size());
    const std::size_t columns = values.size() / rows.scale.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(rows.values[i]) * rows.scale[i / columns];
    }
    check_finite(name, values);
    return values;
  }

  /// Shapes from a checked config.json: the product can't overflow.
  static std::uint64_t element_count(const Shape& shape) {
    std::uint64_t count = 1;
    for (const auto length : shape) {
      count *= length;
    }
    return count;
  }

  const Safetensors& file_;
  const kernels::KernelTable& kernels_;
  std::size_t parameters_ = 0;
};

LayerWeights read_layer(Reader& reader, const Config& config, const std::string& prefix) {
  const auto hidden = config.hidden_size;
  const std::string attention = prefix + "attention.";
  LayerWeights layer;
  layer.query = reader.linear(attention + "self.query", hidden, hidden);
  layer.key = reader.linear(attention + "self.key", hidden, hidden);
  layer.value = reader.linear(attention + "self.value", hidden, hidden);
  layer.convolution =
      reader.array(attention + "self.conv.weight", {config.num_attention_heads, 1, config.conv_kernel_size, 1});
  layer.attention_output = reader.linear(attention + "output.dense", hidden, hidden);
  layer.attention_norm = reader.layer_norm(attention + "output.LayerNorm", hidden);
  layer.intermediate = reader.linear(prefix + "intermediate.dense", hidden, config.intermediate_size);
  layer.output = reader.linear(prefix + "output.dense", config.intermediate_size, hidden);
  layer.output_norm = reader.layer_norm(prefix + "output.LayerNorm", hidden);
  return layer;
}

}  // namespace

Weights read_weights(const Config& config, const Safetensors& file, const kernels::KernelTable& kernels) {
  Reader reader(file, kernels);
  const auto hidden = config.hidden_size;
  const std::string embeddings = "nystromformer.embeddings.";
  Weights weights;
  weights.kernels = &kernels;
  weights.word_embeddings = reader.array(embeddings + "word_embeddings.weight", {config.vocab_size, hidden});
  weights.position_embeddings =
      reader.array(embeddings + "position_embeddings.weight", {config.position_rows(), hidden});
  weights.type_embeddings = reader.array(embeddings + "token_type_embeddings.weight", {config.type_vocab_size, hidden});
  weights.embedding_norm = reader.layer_norm(embeddings + "LayerNorm", hidden);
  for (std::size_t i = 0; i < config.num_hidden_layers; ++i) {
    weights.layers.push_back(read_layer(reader, config, "nystromformer.encoder.layer." + std::to_string(i) + "."));
  }
  weights.classifier = reader.array("classifier.weight", {1, hidden});
  weights.classifier_bias = reader.array("classifier.bias", {1}).front();
  weights.parameters = reader.parameters();
  return weights;
}

}  // namespace nystrom
