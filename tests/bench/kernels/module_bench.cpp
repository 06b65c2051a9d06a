// The same kernels inside a JavaScript engine, where google-benchmark does not run: writes the fields of its JSON that
// tests/bench reads.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "kernels/select.hpp"
#include "workloads.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double seconds(const std::function<void()>& call, long repeats) {
  const auto start = Clock::now();
  for (long i = 0; i < repeats; ++i) call();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Calls a second: the median of seven turns of a twentieth of a second or more, after the engine has compiled the
/// loop.
double rate(const std::function<void()>& call) {
  long repeats = 1;
  while (seconds(call, repeats) < 0.05) repeats *= 2;
  std::vector<double> turns(7);
  for (double& turn : turns) turn = seconds(call, repeats);
  std::nth_element(turns.begin(), turns.begin() + 3, turns.end());
  return static_cast<double>(repeats) / turns[3];
}

}  // namespace

int main() {
  const auto& table = *nystrom::kernels::available().back();
  const auto peak = nystrom::bench::peak_of(table);
  std::printf("{\"benchmarks\":[");
  const char* comma = "";
  for (const auto& workload : nystrom::bench::workloads(table, peak)) {
    std::printf("%s\n{\"name\":\"%s/%s\",\"rate\":%.6g,\"peak\":%.6g}", comma, table.name, workload.name.c_str(),
                workload.operations * rate(workload.prepare()), workload.peak);
    comma = ",";
  }
  std::printf("\n]}\n");
}
