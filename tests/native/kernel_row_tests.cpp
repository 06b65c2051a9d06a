// Layer normalisation, segment means and the depthwise convolution.

#include "kernel_support.hpp"

using namespace kernel_test;

namespace {

double layer_norm_error(const KernelTable& table, std::size_t rows, std::size_t columns, bool with_residual,
                        float mean) {
  const Matrix before = Matrix(rows, columns).randomize(1, 2, mean);
  const Matrix residual = Matrix(rows, columns, 1).randomize(2);
  const Matrix gamma = Matrix(1, columns).randomize(3);
  const Matrix beta = Matrix(1, columns).randomize(4);
  Matrix x = before;
  table.layer_norm(x.data(), x.stride(), with_residual ? residual.data() : nullptr, residual.stride(), rows, columns,
                   gamma.data(), beta.data(), 1e-5F);
  CHECK(x.intact());
  Worst worst;
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<double> row(columns);
    double sum = 0;
    for (std::size_t j = 0; j < columns; ++j)
      sum += row[j] = before.at(i, j) + (with_residual ? double{residual.at(i, j)} : 0);
    double squares = 0;
    for (const double value : row) squares += std::pow(value - sum / static_cast<double>(columns), 2);
    const double deviation = std::sqrt(squares / static_cast<double>(columns) + 1e-5F);
    for (std::size_t j = 0; j < columns; ++j) {
      const double normal = (row[j] - sum / static_cast<double>(columns)) / deviation;
      const double rounding = 1e-6 + 3e-7 * std::abs(mean) / deviation;
      worst.see(x.at(i, j), normal * gamma.at(0, j) + beta.at(0, j),
                rounding * (1 + std::abs(normal)) * (1 + std::abs(gamma.at(0, j))));
    }
  }
  return worst.ratio();
}

/// Means over the segments that start at the token floor-wise shared out: shorter ones first.
double segment_error(const KernelTable& table, const Matrix& x, std::size_t segments) {
  Matrix out(segments, x.columns(), 2);
  table.segment_means(x.data(), x.stride(), x.rows(), x.columns(), segments, out.data(), out.stride());
  CHECK(out.intact());
  Worst worst;
  std::size_t start = 0;
  for (std::size_t segment = 0; segment < segments; ++segment) {
    // As many tokens as are left, shared among as many segments as are left, rounded down: another way to the even
    // rule.
    const std::size_t length = (x.rows() - start) / (segments - segment);
    for (std::size_t j = 0; j < x.columns(); ++j) {
      double sum = 0;
      for (std::size_t i = start; i < start + length; ++i) sum += x.at(i, j);
      worst.see(out.at(segment, j), sum / static_cast<double>(length), 1e-6);
    }
    start += length;
  }
  CHECK(start == x.rows());
  return worst.ratio();
}

struct ConvolutionCase {
  std::size_t tokens, heads, head_size, width;
};

void convolve(const KernelTable& table, const ConvolutionCase& shape, const Matrix& values, const Matrix& filter,
              std::size_t first, std::size_t rows, Matrix& out) {
  table.convolve({.values = values.data(),
                  .values_stride = values.stride(),
                  .tokens = shape.tokens,
                  .first = first,
                  .rows = rows,
                  .heads = shape.heads,
                  .head_size = shape.head_size,
                  .filter = filter.data(),
                  .width = shape.width,
                  .out = out.row(first),
                  .out_stride = out.stride()});
}

double convolution_error(const KernelTable& table, const ConvolutionCase& shape) {
  const Matrix values = Matrix(shape.tokens, shape.heads * shape.head_size).randomize(1);
  const Matrix filter = Matrix(shape.heads, shape.width, 0).randomize(2);
  Matrix out(shape.tokens, values.columns());
  convolve(table, shape, values, filter, 0, shape.tokens, out);
  CHECK(out.intact());
  Worst worst;
  const auto tokens = static_cast<std::ptrdiff_t>(shape.tokens);
  const auto width = static_cast<std::ptrdiff_t>(shape.width);
  for (std::ptrdiff_t i = 0; i < tokens; ++i) {
    for (std::size_t c = 0; c < values.columns(); ++c) {
      double sum = 0;
      for (std::ptrdiff_t t = 0; t < width; ++t) {
        const std::ptrdiff_t token = i + t - width / 2;
        if (token < 0 || token >= tokens) continue;
        sum += double{filter.at(c / shape.head_size, static_cast<std::size_t>(t))} *
               values.at(static_cast<std::size_t>(token), c);
      }
      worst.see(out.at(static_cast<std::size_t>(i), c), sum, 1e-5);
    }
  }
  return worst.ratio();
}

}  // namespace

TEST_CASE("layer normalisation of every width equals float64") {
  for_each_table([](const KernelTable& table) {
    for (std::size_t columns = 1; columns <= 2 * table.panel_width + 1; ++columns) {
      CAPTURE(columns);
      CHECK(layer_norm_error(table, 3, columns, columns % 2 == 0, 0) <= 1);
    }
    CHECK(layer_norm_error(table, 5, 384, true, 0) <= 1);
    CHECK(layer_norm_error(table, 5, 384, false, 1000) <= 1);
    CHECK(layer_norm_error(table, 0, 384, true, 0) == 0);
  });
}

TEST_CASE("layer normalisation of equal numbers is finite") {
  const Matrix ones = Matrix(1, 384).fill(1);
  for_each_table([&](const KernelTable& table) {
    for (const float value : {0.0F, 1.0F, -1e4F, 0.1F}) {
      Matrix x = Matrix(1, 384).fill(value);
      table.layer_norm(x.data(), x.stride(), nullptr, 0, 1, 384, ones.data(), ones.data(), 1e-12F);
      CHECK(x.finite());
    }
  });
}

TEST_CASE("segment means of every length equal float64") {
  for_each_table([](const KernelTable& table) {
    for (std::size_t columns = 0; columns <= 2 * table.panel_width + 1; ++columns) {
      CHECK(segment_error(table, Matrix(13, columns).randomize(1), 5) <= 1);
    }
    for (std::size_t rows = 1; rows <= 40; ++rows) {
      for (std::size_t segments = 1; segments <= rows; ++segments) {
        CAPTURE(rows);
        CAPTURE(segments);
        CHECK(segment_error(table, Matrix(rows, 3).randomize(2), segments) <= 1);
      }
    }
  });
}

TEST_CASE("segment means of a very long text are as exact as those of a short one") {
  const Matrix x = Matrix(65537, 3).randomize(1, 0.5F, 1);
  for_each_table([&](const KernelTable& table) {
    for (const std::size_t segments : {1U, 8U, 32U}) CHECK(segment_error(table, x, segments) <= 1);
  });
}

TEST_CASE("the convolution of every length and width equals float64") {
  for_each_table([](const KernelTable& table) {
    for (std::size_t tokens = 1; tokens <= 40; ++tokens) {
      for (const std::size_t width : {1U, 3U, 33U, 65U}) {
        CAPTURE(tokens);
        CAPTURE(width);
        CHECK(convolution_error(table, {tokens, 2, 5, width}) <= 1);
      }
    }
    for (std::size_t head_size = 1; head_size <= 2 * table.panel_width + 1; ++head_size) {
      CAPTURE(head_size);
      CHECK(convolution_error(table, {9, 3, head_size, 5}) <= 1);
    }
    CHECK(convolution_error(table, {70, 12, 32, 33}) <= 1);
    CHECK(convolution_error(table, {70, 2, 64, 33}) <= 1);
  });
}

TEST_CASE("the convolution is bit-equal by blocks of rows") {
  const ConvolutionCase shape{50, 2, 19, 33};
  const Matrix values = Matrix(shape.tokens, 38).randomize(1);
  const Matrix filter = Matrix(shape.heads, shape.width, 0).randomize(2);
  for_each_table([&](const KernelTable& table) {
    Matrix whole(shape.tokens, 38);
    convolve(table, shape, values, filter, 0, shape.tokens, whole);
    for (const std::size_t block : {1U, 7U, 16U, 49U}) {
      Matrix parts(shape.tokens, 38);
      for (std::size_t first = 0; first < shape.tokens; first += block) {
        convolve(table, shape, values, filter, first, std::min(block, shape.tokens - first), parts);
      }
      CHECK(bit_equal(whole, parts));
      CHECK(parts.intact());
    }
  });
}
