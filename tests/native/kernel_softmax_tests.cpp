#include <numeric>

#include "kernel_support.hpp"

using namespace kernel_test;
using nystrom::kernels::packed_size;
using nystrom::kernels::Store;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

std::vector<std::size_t> widths(const KernelTable& table) {
  std::vector<std::size_t> result;
  for (std::size_t columns = 1; columns <= 2 * table.panel_width + 1; ++columns) result.push_back(columns);
  result.insert(result.end(), {128, 129, 512, 513, 1500});
  return result;
}

double softmax_error(const KernelTable& table, const Matrix& scores, float scale) {
  Matrix x = scores;
  table.softmax(x.data(), x.stride(), x.rows(), x.columns(), scale);
  CHECK(x.intact());
  Worst worst;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const std::vector<double> truth = true_softmax(scores.row(i), x.columns(), scale);
    for (std::size_t j = 0; j < x.columns(); ++j) worst.see(x.at(i, j), truth[j], 3e-6 * truth[j] + 1e-36);
  }
  return worst.ratio();
}

/// State of rows that have seen nothing.
struct State {
  explicit State(std::size_t rows) : max(1, rows), sum(1, rows), rescale(1, rows) {
    max.fill(-infinity);
    sum.fill(0);
  }
  nystrom::kernels::OnlineSoftmax pointers() { return {max.data(), sum.data(), rescale.data()}; }

  Matrix max, sum, rescale;
};

}  // namespace

TEST_CASE("softmax of every width equals float64") {
  for_each_table([](const KernelTable& table) {
    for (const std::size_t columns : widths(table)) {
      CAPTURE(columns);
      CHECK(softmax_error(table, Matrix(3, columns).randomize(7, 10), 0.1767767F) <= 1);
    }
    CHECK(softmax_error(table, Matrix(0, 5), 1) == 0);
  });
}

TEST_CASE("softmax holds at the extremes") {
  for_each_table([](const KernelTable& table) {
    for (const std::size_t columns : widths(table)) {
      Matrix x = Matrix(4, columns).fill([](auto i, auto j) {
        switch (i) {
          case 0: return j % 2 == 0 ? 1e4F : -1e4F;
          case 1: return -1e4F;
          case 2: return 3e38F;
          default: return 0.0F;
        }
      });
      table.softmax(x.data(), x.stride(), x.rows(), columns, 1);
      const auto count = static_cast<double>(columns);
      const std::size_t halved = (columns + 1) / 2;
      const auto even = static_cast<double>(halved);
      CAPTURE(columns);
      for (std::size_t j = 0; j < columns; ++j) {
        CHECK(x.at(0, j) == doctest::Approx(j % 2 == 0 ? 1 / even : 0).epsilon(1e-6));
        for (std::size_t i = 1; i < 4; ++i) CHECK(x.at(i, j) == doctest::Approx(1 / count).epsilon(1e-6));
      }
    }
  });
}

TEST_CASE("softmax of a very long row is as exact as that of a short one") {
  for_each_table([](const KernelTable& table) {
    for (const std::size_t columns : {4096U, 65536U, 262144U}) {
      CAPTURE(columns);
      CHECK(softmax_error(table, Matrix(1, columns).randomize(3, 1), 0.5F) <= 1);
      CHECK(softmax_error(table, Matrix(1, columns).fill(2), 1) <= 0.1);
    }
  });
}

TEST_CASE("a sum's error does not grow with its length") {
  // Equal terms that are no sum of few powers of two: added one after the other, every rounding would go the same way.
  for_each_table([](const KernelTable& table) {
    for (const std::size_t columns : {4096U, 65536U, 262144U}) {
      Matrix x = Matrix(1, columns).fill([](auto, auto j) { return j == 0 ? 0.0F : -2.3F; });
      State state(1);
      table.online_softmax(x.data(), x.stride(), 1, columns, 1, state.pointers());
      const double truth = std::accumulate(x.row(0), x.row(0) + columns, 0.0);
      CAPTURE(columns);
      CHECK(std::abs(state.sum.at(0, 0) / truth - 1) <= 3e-7);
    }
  });
}

TEST_CASE("exp is within 2 units in the last place") {
  const std::size_t steps = 87 * 1024;
  const Matrix x = Matrix(1, steps).fill([](auto, auto j) { return static_cast<float>(j) / -1024.0F; });
  for_each_table([&](const KernelTable& table) {
    Matrix y = x;  // x[0] = 0 is the maximum, so that nothing is subtracted
    State state(1);
    table.online_softmax(y.data(), y.stride(), 1, steps, 1, state.pointers());
    Worst worst;
    for (std::size_t j = 0; j < steps; ++j) {
      const double truth = std::exp(double{x.at(0, j)});
      const double unit = std::exp2(std::floor(std::log2(truth)) - 23);
      worst.see(y.at(0, j), truth, 2 * unit);
    }
    CHECK(worst.ratio() <= 1);
  });
}

TEST_CASE("softmax by blocks equals softmax at once") {
  const std::size_t tokens = 700;
  const std::size_t rows = 5;
  // Rows rise, fall, or stay, so that the maximum moves in every block, never, or not at all.
  const Matrix scores = Matrix(rows, tokens).fill([](auto i, auto j) {
    const auto x = static_cast<float>(j);
    return i == 0 ? x : i == 1 ? -x : i == 2 ? 0.0F : i == 3 ? 1e4F * std::cos(x) : 9 * std::sin(x * x);
  });
  const Matrix values = Matrix(tokens, 11).randomize(1);
  for_each_table([&](const KernelTable& table) {
    for (const std::size_t block : {1U, 2U, 7U, 32U, 128U, 700U}) {
      State state(rows);
      Matrix gathered = Matrix(rows, values.columns()).fill(0);
      for (std::size_t first = 0; first < tokens; first += block) {
        const std::size_t columns = std::min(block, tokens - first);
        Matrix part = Matrix(rows, columns).fill([&](auto i, auto j) { return scores.at(i, first + j); });
        table.online_softmax(part.data(), part.stride(), rows, columns, 0.3F, state.pointers());
        table.scale_rows(gathered.data(), gathered.stride(), rows, gathered.columns(), state.rescale.data());
        Matrix packed(1, packed_size(table, columns, values.columns()));
        table.pack(values.row(first), values.stride(), 1, columns, values.columns(), packed.data());
        table.matmul({part.data(), part.stride(), packed.data(), nullptr, gathered.data(), gathered.stride(), rows,
                      gathered.columns(), columns},
                     Store::accumulate);
        CHECK(part.intact());
      }
      Worst worst;
      for (std::size_t i = 0; i < rows; ++i) {
        const std::vector<double> weights = true_softmax(scores.row(i), tokens, 0.3F);
        for (std::size_t c = 0; c < values.columns(); ++c) {
          double truth = 0;
          for (std::size_t j = 0; j < tokens; ++j) truth += weights[j] * values.at(j, c);
          worst.see(gathered.at(i, c) / state.sum.at(0, i), truth, 1e-5);
        }
      }
      CAPTURE(block);
      CHECK(worst.ratio() <= 1);
      CHECK(gathered.intact());
      CHECK(state.max.intact());
      CHECK(state.sum.intact());
      CHECK(state.rescale.intact());
    }
  });
}

TEST_CASE("the sum by blocks stays exact over 65,536 columns") {
  const Matrix scores = Matrix(1, 128).randomize(5);
  for_each_table([&](const KernelTable& table) {
    State state(1);
    for (int block = 0; block < 512; ++block) {
      Matrix part = scores;
      table.online_softmax(part.data(), part.stride(), 1, 128, 1, state.pointers());
    }
    double truth = 0;
    for (std::size_t j = 0; j < 128; ++j) truth += 512 * std::exp(double{scores.at(0, j)} - state.max.at(0, 0));
    CHECK(state.sum.at(0, 0) == doctest::Approx(truth).epsilon(1e-5));
  });
}

TEST_CASE("rows are scaled each by its own factor") {
  for_each_table([](const KernelTable& table) {
    for (std::size_t columns = 0; columns <= 2 * table.panel_width + 1; ++columns) {
      const Matrix before = Matrix(4, columns).randomize(1);
      const Matrix factor = Matrix(1, 4).randomize(2);
      Matrix x = before;
      table.scale_rows(x.data(), x.stride(), 4, columns, factor.data());
      const Matrix expected =
          Matrix(4, columns).fill([&](auto i, auto j) { return before.at(i, j) * factor.at(0, i); });
      CHECK(bit_equal(x, expected));
      CHECK(x.intact());
    }
  });
}
