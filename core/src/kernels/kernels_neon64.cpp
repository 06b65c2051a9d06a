#include "kernels/make_table.hpp"
#include "kernels/tables.hpp"

namespace nystrom::kernels {

constinit const KernelTable neon64_table = make_table<xsimd::neon64, 8, 8>("neon64");

}  // namespace nystrom::kernels
