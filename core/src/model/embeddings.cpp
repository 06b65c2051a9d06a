#include "model/embeddings.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nystrom {

Embeddings::Embeddings(const Safetensors& file, const std::string& name, const Shape& expected)
    : rows_(static_cast<std::size_t>(expected[0])), columns_(static_cast<std::size_t>(expected[1])) {
  if (file.at(name).dtype != Dtype::u8) {
    floats_ = read_floats(file, name, expected);
    return;
  }
  auto packed = read_packed(file, name, expected);
  bits_ = packed.bits;
  scale_ = std::move(packed.scale);
  const auto largest = static_cast<float>(1U << (bits_ - 1));
  if (std::ranges::any_of(scale_, [&](float scale) { return !std::isfinite(scale * largest); })) {
    file.fail(name + "_scale", "makes values that are not finite numbers");
  }
  packed_.assign(packed.bytes.begin(), packed.bytes.end());
}

void Embeddings::copy_row(std::size_t row, float* out) const {
  if (!floats_.empty()) {
    std::copy_n(floats_.data() + row * columns_, columns_, out);
    return;
  }
  unpack(packed_.data() + row * (columns_ * bits_ / 8), bits_, out, columns_);
  const std::size_t groups = scale_.size() / rows_;
  scale_groups({out, columns_}, {scale_.data() + row * groups, groups});
}

}  // namespace nystrom
