// Every kernel on every instruction set of this machine, by google-benchmark: the counters are `rate`, operations a
// second, and `peak`, what registers alone allow.

#include <benchmark/benchmark.h>

#include "kernels/select.hpp"
#include "workloads.hpp"

using benchmark::Counter;

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
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
