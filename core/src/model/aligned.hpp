#pragma once

#include <cstddef>
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

}  // namespace nystrom
