#include "kernels/make_table.hpp"
#include "kernels/tables.hpp"

namespace nystrom::kernels {

constinit const KernelTable avx512vnni_table = make_table<xsimd::avx512vnni<xsimd::avx512bw>, 12, 12>("avx512vnni");

}  // namespace nystrom::kernels
