#include "workloads.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string_view>

#include "model/aligned.hpp"
#include "peaks.hpp"

namespace nystrom::bench {
namespace {

using kernels::KernelTable;
using kernels::Store;

constexpr std::size_t rows = 64;
constexpr std::size_t hidden = 384;
constexpr std::size_t inner_size = 1536;
constexpr std::size_t landmarks = 32;
constexpr std::size_t heads = 12;
constexpr std::size_t head_size = hidden / heads;
constexpr std::size_t width = 33;

struct Shape {
  std::size_t inner;
  std::size_t columns;
  Store store;
  const char* name;

  [[nodiscard]] double operations() const { return 2.0 * static_cast<double>(rows * inner * columns); }
};

constexpr Shape shapes[] = {{hidden, hidden, Store::set, "384x384"},
                            {hidden, inner_size, Store::gelu, "384x1536+gelu"},
                            {inner_size, hidden, Store::set, "1536x384"}};

const std::map<std::string_view, const Peaks*> known_peaks = {
#if defined(__wasm__)
    {"relaxed", &peaks_wasm},
    {"simd128", &peaks_wasm},
#elif defined(__x86_64__)
    {"sse4_1", &peaks_sse4_1},
    {"avx2", &peaks_avx2},
    {"avx512", &peaks_avx512},
    {"avx512vnni", &peaks_avx512vnni},
#endif
};

Aligned<float> normal(std::size_t count, float deviation = 1) {
  std::mt19937 source(static_cast<unsigned>(count));
  std::normal_distribution<float> distribution(0, deviation);
  Aligned<float> result(count);
  for (float& value : result) value = distribution(source);
  return result;
}

Workload float_product(const KernelTable& table, const Shape& shape, double peak) {
  struct Operands {
    Aligned<float> a, b, bias, packed, c;
  };
  return {std::string("matmul/") + shape.name, shape.operations(), peak, [&] {
            const auto o = std::make_shared<Operands>(Operands{
                normal(rows * shape.inner), normal(shape.inner * shape.columns, 0.05F), normal(shape.columns),
                Aligned<float>(packed_size(table, shape.inner, shape.columns)), Aligned<float>(rows * shape.columns)});
            table.pack(o->b.data(), shape.columns, 1, shape.inner, shape.columns, o->packed.data());
            return [&table, &shape, o] {
              table.matmul({.a = o->a.data(),
                            .a_stride = shape.inner,
                            .packed = o->packed.data(),
                            .bias = o->bias.data(),
                            .c = o->c.data(),
                            .c_stride = shape.columns,
                            .rows = rows,
                            .columns = shape.columns,
                            .inner = shape.inner},
                           shape.store);
            };
          }};
}

/// Rows of `columns` values each, quantised.
struct Quantised {
  Quantised(const KernelTable& kernels, std::size_t size)
      : table(kernels),
        columns(size),
        x(normal(rows * size)),
        words(rows * words_per_row(kernels, size)),
        scale(rows),
        zero(rows) {
    quantise();
  }

  kernels::QuantisedRows view() { return {words.data(), scale.data(), zero.data()}; }
  void quantise() { table.quantise(x.data(), columns, rows, columns, view()); }

  const KernelTable& table;
  std::size_t columns;
  Aligned<float> x;
  Aligned<std::int32_t> words;
  Aligned<float> scale;
  Aligned<std::int32_t> zero;
};

Workload int8_product(const KernelTable& table, const Shape& shape, double peak) {
  struct Operands {
    Quantised a;
    Aligned<std::int8_t> b;
    Aligned<float> scale, bias, c;
    Aligned<std::int32_t> packed, sums;
  };
  return {std::string("int8/") + shape.name, shape.operations(), peak, [&] {
            const auto o = std::make_shared<Operands>(Operands{
                Quantised(table, shape.inner), Aligned<std::int8_t>(shape.inner * shape.columns),
                Aligned<float>(shape.columns, 1e-3F), normal(shape.columns), Aligned<float>(rows * shape.columns),
                Aligned<std::int32_t>(packed_words(table, shape.inner, shape.columns)),
                Aligned<std::int32_t>(shape.columns)});
            for (std::size_t i = 0; i < o->b.size(); ++i) o->b[i] = static_cast<std::int8_t>(i * 37 % 255 - 127);
            table.pack_int8(o->b.data(), shape.inner, shape.columns, o->packed.data(), o->sums.data());
            return [&table, &shape, o] {
              table.matmul_int8({.a = o->a.view(),
                                 .b = {.words = o->packed.data(), .sums = o->sums.data(), .scale = o->scale.data()},
                                 .bias = o->bias.data(),
                                 .c = o->c.data(),
                                 .c_stride = shape.columns,
                                 .rows = rows,
                                 .columns = shape.columns,
                                 .inner = shape.inner},
                                shape.store);
            };
          }};
}

Workload quantise(const KernelTable& table) {
  return {"quantise/384", rows * hidden, 0, [&] {
            const auto o = std::make_shared<Quantised>(table, hidden);
            return [o] { o->quantise(); };
          }};
}

Workload softmax(const KernelTable& table) {
  return {"softmax/32", rows * landmarks, 0, [&] {
            const auto scores = std::make_shared<Aligned<float>>(normal(rows * landmarks, 3));
            const auto x = std::make_shared<Aligned<float>>(*scores);
            return [&table, scores, x] {
              *x = *scores;
              table.softmax(x->data(), landmarks, rows, landmarks, 0.18F);
            };
          }};
}

Workload online_softmax(const KernelTable& table) {
  struct Operands {
    Aligned<float> scores, x, max, sum, rescale;
  };
  return {"online_softmax/64", landmarks * rows, 0, [&] {
            const auto o = std::make_shared<Operands>(Operands{normal(landmarks * rows, 3),
                                                               {},
                                                               Aligned<float>(landmarks),
                                                               Aligned<float>(landmarks),
                                                               Aligned<float>(landmarks)});
            return [&table, o] {
              o->x = o->scores;
              table.online_softmax(o->x.data(), rows, landmarks, rows, 0.18F,
                                   {o->max.data(), o->sum.data(), o->rescale.data()});
            };
          }};
}

Workload layer_norm(const KernelTable& table) {
  struct Operands {
    Aligned<float> x, residual, gamma;
  };
  return {"layer_norm/384", rows * hidden, 0, [&] {
            const auto o =
                std::make_shared<Operands>(Operands{normal(rows * hidden), normal(rows * hidden), normal(hidden)});
            return [&table, o] {
              table.layer_norm(o->x.data(), hidden, o->residual.data(), hidden, rows, hidden, o->gamma.data(),
                               o->gamma.data(), 1e-12F);
            };
          }};
}

/// A head's keys of a block, as attention packs them.
Workload pack(const KernelTable& table) {
  struct Operands {
    Aligned<float> keys, packed;
  };
  return {"pack/32", rows * head_size, 0, [&] {
            const auto o = std::make_shared<Operands>(
                Operands{normal(rows * hidden), Aligned<float>(packed_size(table, head_size, rows))});
            return [&table, o] { table.pack(o->keys.data(), 1, hidden, head_size, rows, o->packed.data()); };
          }};
}

Workload scale_rows(const KernelTable& table) {
  struct Operands {
    Aligned<float> x, factor;
  };
  return {"scale_rows/32", landmarks * head_size, 0, [&] {
            const auto o =
                std::make_shared<Operands>(Operands{normal(landmarks * hidden), Aligned<float>(landmarks, 1)});
            return [&table, o] { table.scale_rows(o->x.data(), hidden, landmarks, head_size, o->factor.data()); };
          }};
}

constexpr std::size_t tokens = 512;

Workload segment_means(const KernelTable& table) {
  struct Operands {
    Aligned<float> x, means;
  };
  return {"segment_means/384", tokens * hidden, 0, [&] {
            const auto o =
                std::make_shared<Operands>(Operands{normal(tokens * hidden), Aligned<float>(landmarks * hidden)});
            return [&table, o] {
              table.segment_means(o->x.data(), hidden, tokens, hidden, landmarks, o->means.data(), hidden);
            };
          }};
}

Workload convolve(const KernelTable& table, double peak) {
  struct Operands {
    Aligned<float> values, filter, out;
  };
  return {"convolve/33", 2.0 * rows * hidden * width, peak, [&] {
            const auto o = std::make_shared<Operands>(
                Operands{normal((rows + width) * hidden), normal(heads * width), Aligned<float>(rows * hidden)});
            return [&table, o] {
              table.convolve({.values = o->values.data(),
                              .values_stride = hidden,
                              .tokens = rows + width,
                              .first = width / 2,
                              .rows = rows,
                              .heads = heads,
                              .head_size = head_size,
                              .filter = o->filter.data(),
                              .width = width,
                              .out = o->out.data(),
                              .out_stride = hidden});
            };
          }};
}

Workload pseudo_inverse(const KernelTable& table, double peak) {
  struct Operands {
    Aligned<float> a, z, workspace;
  };
  return {"pseudo_inverse/32", 6 * 4 * 2.0 * landmarks * landmarks * landmarks, peak, [&] {
            const auto o = std::make_shared<Operands>(
                Operands{normal(landmarks * landmarks, 2), Aligned<float>(landmarks * landmarks),
                         Aligned<float>(pseudo_inverse_workspace(table, landmarks))});
            table.softmax(o->a.data(), landmarks, landmarks, landmarks, 1);
            return [&table, o] {
              table.pseudo_inverse({.a = o->a.data(),
                                    .m = landmarks,
                                    .last = 6,
                                    .z = o->z.data(),
                                    .workspace = o->workspace.data(),
                                    .residuals = nullptr});
            };
          }};
}

}  // namespace

double rate_of(double (*loop)(std::size_t repeats)) {
  double best = 0;
  for (int i = 0; i < 40; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const double operations = loop(1'000'000);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, operations / seconds.count());
  }
  return best;
}

Peak peak_of(const KernelTable& table) {
  const auto found = known_peaks.find(table.name);
  if (found == known_peaks.end()) return {0, 0};
  return {rate_of(found->second->multiply_add), rate_of(found->second->int8_dot)};
}

std::vector<Workload> workloads(const KernelTable& table, const Peak& peak) {
  std::vector<Workload> result;
  for (const Shape& shape : shapes) result.push_back(int8_product(table, shape, peak.int8_dot));
  for (const Shape& shape : shapes) result.push_back(float_product(table, shape, peak.multiply_add));
  result.push_back(quantise(table));
  result.push_back(softmax(table));
  result.push_back(online_softmax(table));
  result.push_back(layer_norm(table));
  result.push_back(pack(table));
  result.push_back(scale_rows(table));
  result.push_back(segment_means(table));
  result.push_back(convolve(table, peak.multiply_add));
  result.push_back(pseudo_inverse(table, peak.multiply_add));
  return result;
}

}  // namespace nystrom::bench
