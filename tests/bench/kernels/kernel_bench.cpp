// Every kernel on every instruction set of this machine, by google-benchmark: the counters are `rate`, operations a
// second, and `peak`, what registers alone allow.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "kernels/select.hpp"
#include "kernels/simd.hpp"
#include "workloads.hpp"

using benchmark::Counter;

namespace {

/// Cycles a second while nothing but additions runs that wait for one another, each a cycle long: the best of many.
double frequency() {
  constexpr std::size_t turns = 1'000'000;
  constexpr std::size_t additions = 16;
  double best = 0;
  for (int i = 0; i < 40; ++i) {
    long sum = i;
    const long step = i;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t turn = 0; turn < turns; ++turn) {
      nystrom::kernels::unrolled<additions>([&](auto) NYSTROM_INLINED {
        sum += step;
        asm volatile("" : "+r"(sum));
      });
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(turns * additions) / seconds.count());
  }
  return best;
}

}  // namespace

int main(int count, char** words) {
  for (const auto* table : nystrom::kernels::available()) {
    const auto peak = nystrom::bench::peak_of(*table);
    for (const auto& workload : nystrom::bench::workloads(*table, peak)) {
      const std::string name = std::string(table->name) + "/" + workload.name;
      benchmark::RegisterBenchmark(name.c_str(), [workload](benchmark::State& state) {
        const auto call = workload.prepare();
        for (auto _ : state) {
          call();
          benchmark::ClobberMemory();
        }
        state.counters["rate"] =
            Counter(workload.operations * static_cast<double>(state.iterations()), Counter::kIsRate);
        state.counters["peak"] = workload.peak;
      });
    }
  }
  benchmark::AddCustomContext("frequency", std::to_string(frequency()));
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
