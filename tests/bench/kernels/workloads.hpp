#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "kernels/kernels.hpp"

namespace nystrom::bench {

/// Operations a second that this machine can do at most; 0 where it is not known.
struct Peak {
  double multiply_add;
  double int8_dot;
};

/// Operations a second of a loop that returns how many it did: the best of many, as a JavaScript engine compiles a loop
/// anew while it runs.
[[nodiscard]] double rate_of(double (*loop)(std::size_t repeats));

/// Measured with loops of registers alone.
[[nodiscard]] Peak peak_of(const kernels::KernelTable& table);

/// A kernel at a shape of the shipped network.
struct Workload {
  std::string name;
  double operations;                               ///< of one call: arithmetic, or elements where that says more
  double peak;                                     ///< of such operations a second, or 0
  std::function<std::function<void()>()> prepare;  ///< makes the operands; what it returns is one call
};

/// Every kernel that a reading runs: 384 wide, 12 heads of 32, 1,536 inside, 32 landmarks, blocks of 64 rows.
[[nodiscard]] std::vector<Workload> workloads(const kernels::KernelTable& table, const Peak& peak);

}  // namespace nystrom::bench
