#pragma once

// A model of the shipped shape with hashed weights, made alike here and in tests/fixtures/shipped_shape.py, which says
// how: as a file it would have 44 MB. `golden` is tests/fixtures/golden/shipped_shape.json, which lists its tensors.

#include <nlohmann/json.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "safetensors_file.hpp"

namespace shipped_shape {

inline std::uint64_t splitmix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EB;
  return x ^ (x >> 31U);
}

inline std::int64_t integer(std::uint64_t stream, std::uint64_t i) {
  return static_cast<std::int64_t>(splitmix64(splitmix64(stream) + i) >> 48U) - 32768;
}

/// An entry of the golden file's list.
struct Tensor {
  explicit Tensor(const nlohmann::json& entry)
      : name(entry.at(0)), shape(entry.at(1)), offset(entry.at(2)), numerator(entry.at(3)) {}

  [[nodiscard]] std::size_t size() const {
    return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies{});
  }

  std::string name;
  std::vector<std::size_t> shape;
  std::int64_t offset;
  std::int64_t numerator;
};

/// What element i of the word embeddings has of its group's row.
inline std::int64_t centre(const nlohmann::json& words, const Tensor& tensor, std::size_t i) {
  const std::size_t columns = tensor.shape.back();
  const std::size_t group = i / columns / words.at("group").get<std::size_t>();
  return integer(words.at("centres"), group * columns + i % columns) * 2 * tensor.numerator;
}

/// Every weight, tensor after tensor.
inline std::vector<float> weights(const nlohmann::json& golden) {
  std::vector<float> all;
  for (std::uint64_t stream = 0; stream < golden.at("tensors").size(); ++stream) {
    const Tensor tensor(golden["tensors"][stream]);
    const bool words = tensor.name.ends_with("word_embeddings.weight");
    for (std::size_t i = 0; i < tensor.size(); ++i) {
      const std::int64_t own = integer(stream, i) * tensor.numerator;
      const std::int64_t sum = words ? own + centre(golden.at("words"), tensor, i) : own;
      all.push_back(static_cast<float>(static_cast<double>(tensor.offset) + static_cast<double>(sum) * 0x1p-26));
    }
  }
  return all;
}

/// The golden file holds it as a string: JSON readers round numbers of 64 bits.
inline std::uint64_t checksum(const std::vector<float>& weights) {
  std::uint64_t sum = 0;
  std::uint64_t factor = 1;
  for (const float weight : weights) {
    sum += factor * std::bit_cast<std::uint32_t>(weight);
    factor += 2;
  }
  return sum;
}

/// The weights as a model.safetensors.
inline std::string safetensors(const nlohmann::json& golden, const std::vector<float>& weights) {
  nlohmann::json header;
  std::size_t end = 0;
  for (const nlohmann::json& entry : golden.at("tensors")) {
    const Tensor tensor(entry);
    const std::size_t begin = end;
    end += tensor.size() * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
  }
  return safetensors_file(header.dump(),
                          {reinterpret_cast<const char*>(weights.data()), weights.size() * sizeof(float)});
}

}  // namespace shipped_shape
