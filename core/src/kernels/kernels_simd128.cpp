#include "kernels/make_table.hpp"
#include "kernels/tables.hpp"

namespace nystrom::kernels {

constinit const KernelTable wasm_table = make_table<xsimd::wasm, 4, 4>("simd128");

}  // namespace nystrom::kernels
