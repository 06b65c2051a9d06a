#include "kernels/make_table.hpp"
#include "kernels/tables.hpp"

namespace nystrom::kernels {

constinit const KernelTable wasm_table = make_table<Relaxed, 4, 6>("relaxed");

}  // namespace nystrom::kernels
