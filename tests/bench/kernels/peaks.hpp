#pragma once

#include <cstddef>

namespace nystrom::bench {

/// Loops that touch registers alone, in 12 chains that don't wait for one another: what the arithmetic could do if
/// memory cost nothing. Each returns the operations it did, a multiply-add counting as two.
struct Peaks {
  double (*multiply_add)(std::size_t repeats);
  double (*int8_dot)(std::size_t repeats);
};

extern const Peaks peaks_sse4_1;
extern const Peaks peaks_avx2;
extern const Peaks peaks_avx512;
extern const Peaks peaks_avx512vnni;
extern const Peaks peaks_wasm;

}  // namespace nystrom::bench
