#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

namespace nystrom {

/// Storage that starts on a cache line.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  CacheLineAllocator() = default;
  template <class U>
  explicit CacheLineAllocator(const CacheLineAllocator<U>& /*other*/) noexcept {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* pointer, std::size_t /*count*/) noexcept { ::operator delete(pointer, alignment); }

  template <class U>
  bool operator==(const CacheLineAllocator<U>& /*other*/) const noexcept {
    return true;
  }
};

template <class T>
using Aligned = std::vector<T, CacheLineAllocator<T>>;

using AlignedFloats = Aligned<float>;

/// `count`, which the address space has room for: WebAssembly's has 32 bits. Throws std::bad_alloc where it has none.
template <class T>
std::size_t addressable(std::uint64_t count) {
  if (count > std::numeric_limits<std::size_t>::max() / sizeof(T) / 2) throw std::bad_array_new_length();
  return static_cast<std::size_t>(count);
}

/// `count` zeros. Throws std::bad_alloc where the address space has no room for them.
template <class T>
Aligned<T> allocate(std::uint64_t count) {
  return Aligned<T>(addressable<T>(count));
}

}  // namespace nystrom
