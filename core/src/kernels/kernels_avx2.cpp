#include "kernels/make_table.hpp"
#include "kernels/tables.hpp"

namespace nystrom::kernels {

constinit const KernelTable avx2_table = make_table<xsimd::fma3<xsimd::avx2>, 6, 4>("avx2");

}  // namespace nystrom::kernels
