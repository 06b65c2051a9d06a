#include "kernel_support.hpp"

using namespace kernel_test;

namespace {

constexpr std::size_t steps = 6;

/// A landmark matrix: softmax of scores that favour the diagonal by `sharpness`.
Matrix landmark_matrix(std::size_t m, float sharpness, float noise = 1) {
  Matrix a(m, m, 0);
  const Matrix scores = Matrix(m, m, 0).randomize(static_cast<unsigned>(m), noise);
  for (std::size_t i = 0; i < m; ++i) {
    std::vector<float> row(scores.row(i), scores.row(i) + m);
    row[i] += sharpness;
    const std::vector<double> softmax = true_softmax(row.data(), m, 1);
    for (std::size_t j = 0; j < m; ++j) a.at(i, j) = static_cast<float>(softmax[j]);
  }
  return a;
}

using Square = std::vector<double>;

Square multiply(const Square& left, const Square& right, std::size_t m) {
  Square product(m * m);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) {
      for (std::size_t k = 0; k < m; ++k) product[i * m + j] += left[i * m + k] * right[k * m + j];
    }
  }
  return product;
}

Square from_diagonal(double diagonal, Square x, std::size_t m) {
  for (std::size_t i = 0; i < m * m; ++i) x[i] = (i % (m + 1) == 0 ? diagonal : 0) - x[i];
  return x;
}

/// The iteration in float64, straight from the formula: Z and the residual of every step.
struct Truth {
  Square z;
  std::vector<double> residuals;
};

Truth true_pseudo_inverse(const Matrix& matrix, std::size_t iterations) {
  const std::size_t m = matrix.rows();
  const Square a(matrix.data(), matrix.data() + m * m);
  double rows = 0;
  double columns = 0;
  for (std::size_t i = 0; i < m; ++i) {
    double row = 0;
    double column = 0;
    for (std::size_t j = 0; j < m; ++j) {
      row += std::abs(a[i * m + j]);
      column += std::abs(a[j * m + i]);
    }
    rows = std::max(rows, row);
    columns = std::max(columns, column);
  }
  Truth truth{Square(m * m), {}};
  for (std::size_t i = 0; i < m * m; ++i) truth.z[i] = a[i % m * m + i / m] / (rows * columns);
  for (std::size_t step = 0;; ++step) {
    const Square az = multiply(a, truth.z, m);
    const Square aza = multiply(az, a, m);
    double squares = 0;
    for (std::size_t i = 0; i < m * m; ++i) squares += (aza[i] - a[i]) * (aza[i] - a[i]);
    truth.residuals.push_back(std::sqrt(squares));
    if (step == iterations) return truth;
    const Square inner = from_diagonal(15, multiply(az, from_diagonal(7, az, m), m), m);
    truth.z = multiply(truth.z, from_diagonal(13, multiply(az, inner, m), m), m);
    for (double& x : truth.z) x /= 4;
  }
}

struct Result {
  Matrix z;
  Matrix residuals;
};

Result pseudo_inverse(const KernelTable& table, const Matrix& a, std::size_t iterations, bool with_residuals = true) {
  const std::size_t m = a.rows();
  Result result{Matrix(m, m, 0), Matrix(1, iterations + 1)};
  Matrix workspace(1, nystrom::kernels::pseudo_inverse_workspace(table, m));
  table.pseudo_inverse({.a = a.data(),
                        .m = m,
                        .last = iterations,
                        .z = result.z.data(),
                        .workspace = workspace.data(),
                        .residuals = with_residuals ? result.residuals.data() : nullptr});
  CHECK(workspace.intact());
  CHECK(result.z.intact());
  CHECK(result.residuals.intact());
  return result;
}

double largest_entry(const Square& z) {
  double result = 0;
  for (const double x : z) result = std::max(result, std::abs(x));
  return result;
}

}  // namespace

TEST_CASE("the pseudo-inverse of every size follows the iteration in float64") {
  for_each_table([](const KernelTable& table) {
    std::vector<std::size_t> sizes{63, 64, 65};
    for (std::size_t m = 1; m <= 2 * table.panel_width + 1 && m <= 40; ++m) sizes.push_back(m);
    for (const std::size_t m : sizes) {
      for (const float sharpness : {0.0F, 2.0F, 5.0F}) {
        const Matrix a = landmark_matrix(m, sharpness);
        const Truth truth = true_pseudo_inverse(a, steps);
        const Result result = pseudo_inverse(table, a, steps);
        Worst worst;
        for (std::size_t i = 0; i < m * m; ++i)
          worst.see(result.z.data()[i], truth.z[i], 1e-4 * largest_entry(truth.z));
        Worst worst_residual;
        for (std::size_t i = 0; i <= steps; ++i)
          worst_residual.see(result.residuals.at(0, i), truth.residuals[i], 1e-5);
        CAPTURE(m);
        CAPTURE(sharpness);
        CHECK(worst.ratio() <= 1);
        CHECK(worst_residual.ratio() <= 1);
      }
    }
  });
}

TEST_CASE("the residual falls to nothing where the matrix has an inverse") {
  for_each_table([](const KernelTable& table) {
    for (const std::size_t m : {2U, 8U, 32U, 64U}) {
      const Result result = pseudo_inverse(table, landmark_matrix(m, 6), steps);
      CAPTURE(m);
      for (std::size_t i = 1; i <= steps; ++i) {
        CHECK(result.residuals.at(0, i) <= std::max(result.residuals.at(0, i - 1), 2e-5F));
      }
      CHECK(result.residuals.at(0, steps) <= 2e-5F);
    }
  });
}

TEST_CASE("one landmark, equal landmarks, and none of the steps") {
  for_each_table([](const KernelTable& table) {
    Matrix one(1, 1, 0);
    one.at(0, 0) = 1;
    CHECK(pseudo_inverse(table, one, steps).z.at(0, 0) == doctest::Approx(1));
    // Of rank one: A = (1/m)·11ᵀ is its own pseudo-inverse.
    const Result equal = pseudo_inverse(table, Matrix(32, 32, 0).fill(1.0F / 32), steps);
    CHECK(equal.z.finite());
    for (std::size_t i = 0; i < 32; ++i) CHECK(equal.z.at(i, 31 - i) == doctest::Approx(1.0 / 32).epsilon(1e-4));
    const Matrix a = landmark_matrix(9, 1);
    const Truth start = true_pseudo_inverse(a, 0);
    const Result result = pseudo_inverse(table, a, 0);
    for (std::size_t i = 0; i < 81; ++i) CHECK(result.z.data()[i] == doctest::Approx(start.z[i]));
    CHECK(result.residuals.at(0, 0) == doctest::Approx(start.residuals[0]));
  });
}

TEST_CASE("steps one at a time are the steps at once") {
  for_each_table([](const KernelTable& table) {
    const Matrix a = landmark_matrix(19, 2);
    const Result whole = pseudo_inverse(table, a, steps);
    Result result{Matrix(19, 19, 0), Matrix(1, steps + 1)};
    for (std::size_t step = 0; step <= steps; ++step) {
      Matrix workspace(1, nystrom::kernels::pseudo_inverse_workspace(table, 19));
      table.pseudo_inverse({.a = a.data(),
                            .m = 19,
                            .first = step,
                            .last = step,
                            .z = result.z.data(),
                            .workspace = workspace.data(),
                            .residuals = result.residuals.data()});
    }
    CHECK(bit_equal(result.z, whole.z));
    CHECK(bit_equal(result.residuals, whole.residuals));
  });
}

TEST_CASE("asking for residuals changes nothing else") {
  for_each_table([](const KernelTable& table) {
    const Matrix a = landmark_matrix(19, 2);
    const Result silent = pseudo_inverse(table, a, steps, false);
    CHECK(bit_equal(silent.z, pseudo_inverse(table, a, steps).z));
    CHECK(std::isnan(silent.residuals.at(0, 0)));
  });
}
