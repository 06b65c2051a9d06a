// Every kernel on every instruction set of this machine, at the shapes of the shipped network: 384 wide, 12 heads of
// 32, 1,536 inside, 32 landmarks, blocks of 64 rows. Rates are operations or elements a second; `peak` is the share of
// what registers alone allow.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "kernels/select.hpp"
#include "model/aligned.hpp"
#include "peaks.hpp"

namespace {

using benchmark::Counter;
using benchmark::State;
using nystrom::Aligned;
using nystrom::bench::Peaks;
using nystrom::kernels::KernelTable;
using nystrom::kernels::Store;

constexpr std::size_t rows = 64;
constexpr std::size_t hidden = 384;
constexpr std::size_t inner_size = 1536;
constexpr std::size_t landmarks = 32;
constexpr std::size_t heads = 12;
constexpr std::size_t head_size = hidden / heads;

struct Shape {
  std::size_t inner;
  std::size_t columns;
  Store store;
  const char* name;
};

constexpr Shape shapes[] = {{hidden, hidden, Store::set, "384x384"},
                            {hidden, inner_size, Store::gelu, "384x1536+gelu"},
                            {inner_size, hidden, Store::set, "1536x384"}};

const Peaks* peaks_of(const std::string& name) {
  static const std::map<std::string, const Peaks*> known = {{"sse4_1", &nystrom::bench::peaks_sse4_1},
                                                            {"avx2", &nystrom::bench::peaks_avx2},
                                                            {"avx512", &nystrom::bench::peaks_avx512},
                                                            {"avx512vnni", &nystrom::bench::peaks_avx512vnni}};
  const auto found = known.find(name);
  return found == known.end() ? nullptr : found->second;
}

Aligned<float> normal(std::size_t count, float deviation = 1) {
  std::mt19937 source(static_cast<unsigned>(count));
  std::normal_distribution<float> distribution(0, deviation);
  Aligned<float> result(count);
  for (float& value : result) value = distribution(source);
  return result;
}

template <class Loop>
void add(const std::string& name, Loop loop) {
  benchmark::RegisterBenchmark(name.c_str(), std::move(loop));
}

void report(State& state, double operations, double peak = 0) {
  const double total = operations * static_cast<double>(state.iterations());
  state.counters["rate"] = Counter(total, Counter::kIsRate);
  if (peak > 0) state.counters["peak"] = Counter(total / peak, Counter::kIsRate);
}

/// Operations a second of a register-only loop, the best of a few.
double rate_of(double (*loop)(std::size_t)) {
  double best = 0;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const double operations = loop(2'000'000);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, operations / seconds.count());
  }
  return best;
}

void add_products(const KernelTable& table, const std::string& prefix, double peak, double int8_peak) {
  for (const Shape& shape : shapes) {
    const double operations = 2.0 * static_cast<double>(rows * shape.inner * shape.columns);
    add(prefix + "matmul/" + shape.name, [&table, shape, operations, peak](State& state) {
      const auto a = normal(rows * shape.inner);
      const auto b = normal(shape.inner * shape.columns, 0.05F);
      const auto bias = normal(shape.columns);
      Aligned<float> packed(packed_size(table, shape.inner, shape.columns));
      Aligned<float> c(rows * shape.columns);
      table.pack(b.data(), shape.columns, 1, shape.inner, shape.columns, packed.data());
      for (auto _ : state) {
        table.matmul({.a = a.data(),
                      .a_stride = shape.inner,
                      .packed = packed.data(),
                      .bias = bias.data(),
                      .c = c.data(),
                      .c_stride = shape.columns,
                      .rows = rows,
                      .columns = shape.columns,
                      .inner = shape.inner},
                     shape.store);
        benchmark::ClobberMemory();
      }
      report(state, operations, peak);
    });
    add(prefix + "int8/" + shape.name, [&table, shape, operations, int8_peak](State& state) {
      const auto a = normal(rows * shape.inner);
      Aligned<std::int8_t> b(shape.inner * shape.columns);
      for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<std::int8_t>(i * 37 % 255 - 127);
      const Aligned<float> scale(shape.columns, 1e-3F);
      const auto bias = normal(shape.columns);
      Aligned<std::int32_t> packed(packed_words(table, shape.inner, shape.columns));
      Aligned<std::int32_t> sums(shape.columns);
      Aligned<std::int32_t> words(rows * words_per_row(table, shape.inner));
      Aligned<float> row_scale(rows);
      Aligned<std::int32_t> zero(rows);
      Aligned<float> c(rows * shape.columns);
      table.pack_int8(b.data(), shape.inner, shape.columns, packed.data(), sums.data());
      const nystrom::kernels::QuantisedRows quantised{words.data(), row_scale.data(), zero.data()};
      table.quantise(a.data(), shape.inner, rows, shape.inner, quantised);
      for (auto _ : state) {
        table.matmul_int8({.a = quantised,
                           .b = {.words = packed.data(), .sums = sums.data(), .scale = scale.data()},
                           .bias = bias.data(),
                           .c = c.data(),
                           .c_stride = shape.columns,
                           .rows = rows,
                           .columns = shape.columns,
                           .inner = shape.inner},
                          shape.store);
        benchmark::ClobberMemory();
      }
      report(state, operations, int8_peak);
    });
  }
}

void add_row_kernels(const KernelTable& table, const std::string& prefix) {
  add(prefix + "quantise/384", [&table](State& state) {
    const auto x = normal(rows * hidden);
    Aligned<std::int32_t> words(rows * words_per_row(table, hidden));
    Aligned<float> scale(rows);
    Aligned<std::int32_t> zero(rows);
    for (auto _ : state) {
      table.quantise(x.data(), hidden, rows, hidden, {words.data(), scale.data(), zero.data()});
      benchmark::ClobberMemory();
    }
    report(state, rows * hidden);
  });
  add(prefix + "softmax/32", [&table](State& state) {
    const auto scores = normal(rows * landmarks, 3);
    auto x = scores;
    for (auto _ : state) {
      x = scores;
      table.softmax(x.data(), landmarks, rows, landmarks, 0.18F);
      benchmark::ClobberMemory();
    }
    report(state, rows * landmarks);
  });
  add(prefix + "online_softmax/64", [&table](State& state) {
    const auto scores = normal(landmarks * rows, 3);
    auto x = scores;
    Aligned<float> max(landmarks);
    Aligned<float> sum(landmarks);
    Aligned<float> rescale(landmarks);
    for (auto _ : state) {
      x = scores;
      table.online_softmax(x.data(), rows, landmarks, rows, 0.18F, {max.data(), sum.data(), rescale.data()});
      benchmark::ClobberMemory();
    }
    report(state, landmarks * rows);
  });
  add(prefix + "layer_norm/384", [&table](State& state) {
    auto x = normal(rows * hidden);
    const auto residual = normal(rows * hidden);
    const auto gamma = normal(hidden);
    for (auto _ : state) {
      table.layer_norm(x.data(), hidden, residual.data(), hidden, rows, hidden, gamma.data(), gamma.data(), 1e-12F);
      benchmark::ClobberMemory();
    }
    report(state, rows * hidden);
  });
}

void add_attention_kernels(const KernelTable& table, const std::string& prefix, double peak) {
  add(prefix + "convolve/33", [&table, peak](State& state) {
    constexpr std::size_t width = 33;
    const auto values = normal((rows + width) * hidden);
    const auto filter = normal(heads * width);
    Aligned<float> out(rows * hidden);
    for (auto _ : state) {
      table.convolve({.values = values.data(),
                      .values_stride = hidden,
                      .tokens = rows + width,
                      .first = width / 2,
                      .rows = rows,
                      .heads = heads,
                      .head_size = head_size,
                      .filter = filter.data(),
                      .width = width,
                      .out = out.data(),
                      .out_stride = hidden});
      benchmark::ClobberMemory();
    }
    report(state, 2.0 * rows * hidden * width, peak);
  });
  add(prefix + "pseudo_inverse/32", [&table, peak](State& state) {
    auto a = normal(landmarks * landmarks, 2);
    table.softmax(a.data(), landmarks, landmarks, landmarks, 1);
    Aligned<float> z(landmarks * landmarks);
    Aligned<float> workspace(pseudo_inverse_workspace(table, landmarks));
    for (auto _ : state) {
      table.pseudo_inverse(a.data(), landmarks, 6, z.data(), workspace.data(), nullptr);
      benchmark::ClobberMemory();
    }
    report(state, 6 * 4 * 2.0 * landmarks * landmarks * landmarks, peak);
  });
}

}  // namespace

int main(int count, char** words) {
  for (const KernelTable* table : nystrom::kernels::available()) {
    const std::string prefix = std::string(table->name) + "/";
    const Peaks* peaks = peaks_of(table->name);
    const double peak = peaks ? rate_of(peaks->multiply_add) : 0;
    const double int8_peak = peaks ? rate_of(peaks->int8_dot) : 0;
    if (peaks)
      benchmark::AddCustomContext(
          table->name, std::to_string(peak / 1e9) + " GFLOPS, " + std::to_string(int8_peak / 1e9) + " GOPS of int8");
    add_products(*table, prefix, peak, int8_peak);
    add_row_kernels(*table, prefix);
    add_attention_kernels(*table, prefix, peak);
  }
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
