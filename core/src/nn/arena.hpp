#pragma once

#include <cstddef>
#include <cstdint>

#include "model/aligned.hpp"

namespace nystrom {

/// One reservation of storage for 32-bit numbers, handed out front to back. Counting the demand and handing it out go
/// through the same `take` calls, so they cannot disagree: on an arena without storage they only count.
class Arena {
 public:
  /// Uninitialised storage for `count` numbers, 64-byte aligned; null while counting.
  template <class T = float>
  T* take(std::uint64_t count) noexcept {
    static_assert(sizeof(T) == sizeof(float));
    const std::uint64_t start = used_;
    used_ += (count + 15) / 16 * 16;
    return storage_ == nullptr ? nullptr : reinterpret_cast<T*>(storage_ + start);
  }

  [[nodiscard]] std::uint64_t used() const noexcept { return used_; }
  void rewind() noexcept { used_ = 0; }

  /// Makes room for `count` floats and rewinds. Throws std::bad_alloc and then holds nothing.
  void reserve(std::uint64_t count) {
    used_ = 0;
    if (count <= capacity_) return;
    release();
    storage_ = Allocator{}.allocate(addressable<float>(count));
    capacity_ = count;
  }

  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() { release(); }

 private:
  using Allocator = CacheLineAllocator<float>;

  void release() noexcept {
    if (storage_ != nullptr) Allocator{}.deallocate(storage_, static_cast<std::size_t>(capacity_));
    storage_ = nullptr;
    capacity_ = 0;
  }

  float* storage_ = nullptr;
  std::uint64_t capacity_ = 0;
  std::uint64_t used_ = 0;
};

}  // namespace nystrom
