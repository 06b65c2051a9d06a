#include "kernels/make_table.hpp"
#include "kernels/tables.hpp"

namespace nystrom::kernels {

constinit const KernelTable sse4_1_table = make_table<xsimd::sse4_1, 4, 4>("sse4_1");

}  // namespace nystrom::kernels
