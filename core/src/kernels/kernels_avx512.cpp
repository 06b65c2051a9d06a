#include "kernels/make_table.hpp"
#include "kernels/tables.hpp"

namespace nystrom::kernels {

constinit const KernelTable avx512_table = make_table<xsimd::avx512bw, 12, 8>("avx512");

}  // namespace nystrom::kernels
