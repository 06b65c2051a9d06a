#include "model/safetensors.hpp"

#include "text/json.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>

namespace nystrom {
namespace {

struct DtypeInfo {
  std::string_view name;
  std::uint64_t size;
  Dtype dtype;
};

constexpr std::array dtypes{
    DtypeInfo{"F32", 4, Dtype::f32},    DtypeInfo{"F16", 2, Dtype::f16},       DtypeInfo{"BF16", 2, Dtype::bf16},
    DtypeInfo{"I8", 1, Dtype::i8},      DtypeInfo{"F64", 8, Dtype::other},     DtypeInfo{"I64", 8, Dtype::other},
    DtypeInfo{"U64", 8, Dtype::other},  DtypeInfo{"I32", 4, Dtype::other},     DtypeInfo{"U32", 4, Dtype::other},
    DtypeInfo{"I16", 2, Dtype::other},  DtypeInfo{"U16", 2, Dtype::other},     DtypeInfo{"U8", 1, Dtype::u8},
    DtypeInfo{"BOOL", 1, Dtype::other}, DtypeInfo{"F8_E4M3", 1, Dtype::other}, DtypeInfo{"F8_E5M2", 1, Dtype::other}};

constexpr std::uint64_t length_bytes = 8;

/// The numbers of a JSON array, if it is one of whole numbers that are not negative.
std::optional<std::vector<std::uint64_t>> whole_numbers(const nlohmann::json& entry, const char* key) {
  const auto found = entry.find(key);
  const auto is_whole = [](const nlohmann::json& value) { return value.is_number_unsigned(); };
  if (found == entry.end() || !found->is_array() || !std::ranges::all_of(*found, is_whole)) {
    return std::nullopt;
  }
  return found->get<std::vector<std::uint64_t>>();
}

/// Bytes that the shape takes, unless they are more than 64 bits can count.
std::optional<std::uint64_t> byte_count(const std::vector<std::uint64_t>& shape, std::uint64_t element_size) {
  std::uint64_t product = element_size;
  for (const auto length : shape) {
    if (length != 0 && product > std::numeric_limits<std::uint64_t>::max() / length) {
      return std::nullopt;
    }
    product *= length;
  }
  return product;
}

std::uint64_t read_header_length(std::span<const std::byte> file, std::string_view file_name) {
  if (file.size() < length_bytes) {
    fail_invalid(file_name, "the header length is cut: the file has only " + std::to_string(file.size()) +
                                " bytes; fetch it again");
  }
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    length |= std::to_integer<std::uint64_t>(file[i]) << (8 * i);
  }
  if (length > file.size() - length_bytes) {
    fail_invalid(file_name, "the header length is " + std::to_string(length) + " bytes but the file has only " +
                                std::to_string(file.size()) + "; it is cut or not a safetensors file");
  }
  return length;
}

std::string range_text(std::uint64_t begin, std::uint64_t end) {
  return "[" + std::to_string(begin) + ", " + std::to_string(end) + "]";
}

}  // namespace

Safetensors::Safetensors(std::span<const std::byte> file, std::string_view file_name) : file_name_(file_name) {
  const auto header_length = static_cast<std::size_t>(read_header_length(file, file_name));
  const auto* header_text = reinterpret_cast<const char*>(file.data()) + length_bytes;
  const auto header = parse_json({header_text, header_length}, file_name_ + " header");
  if (!header.is_object()) {
    fail_invalid(file_name_, "the header must be a JSON object");
  }

  const auto data = file.subspan(length_bytes + header_length);
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") {
      tensors_.emplace(name, read_entry(name, entry, data));
    }
  }
  check_layout(data);
}

Tensor Safetensors::read_entry(const std::string& name, const nlohmann::json& entry,
                               std::span<const std::byte> data) const {
  if (!entry.is_object()) {
    fail(name, "must be a JSON object with dtype, shape and data_offsets");
  }
  const auto dtype = entry.find("dtype");
  const auto* info =
      std::ranges::find_if(dtypes, [&](const auto& known) { return dtype != entry.end() && *dtype == known.name; });
  if (info == dtypes.end()) {
    fail(name, "dtype " + (dtype != entry.end() ? as_text(*dtype) + " is unknown" : std::string("is missing")));
  }
  const auto shape = whole_numbers(entry, "shape");
  if (!shape) {
    fail(name, "shape must be a list of whole numbers that are not negative");
  }
  const auto size = byte_count(*shape, info->size);
  if (!size) {
    fail(name, "shape " + as_text(entry["shape"]) + " has more elements than can be counted");
  }

  const auto offsets = whole_numbers(entry, "data_offsets");
  if (!offsets || offsets->size() != 2) {
    fail(name, "data_offsets must be two whole numbers that are not negative");
  }
  const auto begin = (*offsets)[0];
  const auto end = (*offsets)[1];
  if (begin > end) {
    fail(name, "data_offsets " + range_text(begin, end) + " end before they begin");
  }
  if (end > data.size()) {
    fail(name, "data_offsets " + range_text(begin, end) + " go beyond the " + std::to_string(data.size()) +
                   " bytes of data in the file; fetch it again");
  }
  if (end - begin != *size) {
    fail(name, "data_offsets span " + std::to_string(end - begin) + " bytes but shape " + as_text(entry["shape"]) +
                   " of " + std::string(info->name) + " takes " + std::to_string(*size));
  }
  return {info->dtype, std::string(info->name), *shape,
          data.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin))};
}

void Safetensors::check_layout(std::span<const std::byte> data) const {
  std::vector<std::pair<const std::byte*, std::string_view>> starts;
  for (const auto& [name, tensor] : tensors_) {
    if (!tensor.bytes.empty()) {
      starts.emplace_back(tensor.bytes.data(), name);
    }
  }
  std::ranges::sort(starts);
  const auto* expected = data.data();
  for (const auto& [start, name] : starts) {
    if (start < expected) {
      fail(name, "data_offsets overlap those of another tensor");
    }
    if (start > expected) {
      fail(name, "data_offsets leave a gap of " + std::to_string(start - expected) + " bytes before it");
    }
    expected = start + at(name).bytes.size();
  }
  if (const auto rest = data.data() + data.size() - expected; rest != 0) {
    fail_invalid(file_name_, std::to_string(rest) + " bytes at the end belong to no tensor's data_offsets");
  }
}

const Tensor* Safetensors::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

const Tensor& Safetensors::at(std::string_view name) const {
  const auto* tensor = find(name);
  if (tensor == nullptr) {
    fail(name, "is missing");
  }
  return *tensor;
}

void Safetensors::fail(std::string_view name, const std::string& problem) const {
  fail_invalid(file_name_, "tensor " + as_text(std::string(name)) + " " + problem);
}

}  // namespace nystrom
