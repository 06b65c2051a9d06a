#pragma once

// Every table that some build defines; which of them this build has is for CMakeLists.txt and select.cpp to agree on.

#include "kernels/kernels.hpp"

namespace nystrom::kernels {

extern const KernelTable scalar_table;
extern const KernelTable sse4_1_table;
extern const KernelTable avx2_table;
extern const KernelTable avx512_table;
extern const KernelTable avx512vnni_table;
extern const KernelTable neon64_table;
extern const KernelTable wasm_table;  ///< of the module's own kernels: simd128 or relaxed

}  // namespace nystrom::kernels
