// Every kernel on every instruction set of this machine, by google-benchmark: the counters are `rate`, operations a
// second, and `peak`, what registers alone allow.

#include <benchmark/benchmark.h>

#include <string>

#include "kernels/select.hpp"
#include "kernels/simd.hpp"
#include "workloads.hpp"

using benchmark::Counter;

namespace {

/// Additions that wait for one another, each a cycle long.
double additions_in_turn(std::size_t repeats) {
  constexpr std::size_t additions = 16;
  long sum = 0;
  const auto step = static_cast<long>(repeats);
  for (std::size_t i = 0; i < repeats; ++i) {
    nystrom::kernels::unrolled<additions>([&](auto) NYSTROM_INLINED {
      sum += step;
      asm volatile("" : "+r"(sum));
    });
  }
  return static_cast<double>(repeats * additions);
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
  benchmark::AddCustomContext("frequency", std::to_string(nystrom::bench::rate_of(additions_in_turn)));
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
