#pragma once

#include "kernels/matmul.hpp"
#include "kernels/simd.hpp"

namespace nystrom::kernels {

/// Square matrices of one size, contiguous, and a place to pack one.
template <class A, std::size_t MaxRows>
struct Square {
  std::size_t m;
  float* packed;

  void multiply(const float* left, const float* right, float* product) const noexcept {
    pack<A>(right, m, 1, m, m, packed);
    matmul<A, MaxRows>({.a = left,
                        .a_stride = m,
                        .packed = packed,
                        .bias = nullptr,
                        .c = product,
                        .c_stride = m,
                        .rows = m,
                        .columns = m,
                        .inner = m},
                       Store::set);
  }
};

/// out = diagonal·I − x; out may be x.
template <class A>
void subtract_from_diagonal(const float* x, std::size_t m, float diagonal, float* out) noexcept {
  for_each_batch<A>(m * m, [&](std::size_t i, auto count) { store<A>(out + i, -load<A>(x + i, count), count); });
  for (std::size_t i = 0; i < m; ++i) out[i * (m + 1)] += diagonal;
}

/// ‖A‖₁‖A‖∞: the largest absolute column sum times the largest absolute row sum. `column_sums` is workspace.
template <class A>
float norm_product(const float* a, std::size_t m, float* column_sums) noexcept {
  float largest_row = 0;
  for (std::size_t i = 0; i < m; ++i) {
    const float row = sum_of<A>(m, [&](std::size_t j, auto count) NYSTROM_INLINED {
      const Floats<A> value = xsimd::abs(load<A>(a + i * m + j, count));
      store<A>(column_sums + j, i > 0 ? load<A>(column_sums + j, count) + value : value, count);
      return value;
    });
    largest_row = row > largest_row ? row : largest_row;
  }
  float largest_column = 0;
  for (std::size_t j = 0; j < m; ++j)
    largest_column = column_sums[j] > largest_column ? column_sums[j] : largest_column;
  return largest_row * largest_column;
}

/// Frobenius norm of x − y.
template <class A>
float distance(const float* x, const float* y, std::size_t size) noexcept {
  const float squares = sum_of<A>(size, [&](std::size_t i, auto count) NYSTROM_INLINED {
    const Floats<A> difference = load<A>(x + i, count) - load<A>(y + i, count);
    return difference * difference;
  });
  return xsimd::sqrt(Floats<A>(squares)).get(0);
}

/// z = ¼ z(13I − AZ(15I − AZ(7I − AZ))), given az = AZ.
template <class A, std::size_t MaxRows>
void improve(const Square<A, MaxRows>& square, const float* az, float* z, float* s, float* t) noexcept {
  const std::size_t m = square.m;
  subtract_from_diagonal<A>(az, m, 7, s);
  square.multiply(az, s, t);
  subtract_from_diagonal<A>(t, m, 15, t);
  square.multiply(az, t, s);
  subtract_from_diagonal<A>(s, m, 13, s);
  square.multiply(z, s, t);
  for_each_batch<A>(m * m, [&](std::size_t i, auto count) { store<A>(z + i, 0.25F * load<A>(t + i, count), count); });
}

template <class A>
void start_inverse(const float* a, std::size_t m, float* z, float* workspace) noexcept {
  const float scale = 1 / norm_product<A>(a, m, workspace);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) z[i * m + j] = a[j * m + i] * scale;
  }
}

template <class A, std::size_t MaxRows>
void pseudo_inverse(const PseudoInverse& p) noexcept {
  const std::size_t size = p.m * p.m;
  float* const az = p.workspace;
  float* const s = az + size;
  float* const t = s + size;
  const Square<A, MaxRows> square{p.m, t + size};
  for (std::size_t step = p.first; step <= p.last; ++step) {
    if (step == 0) {
      start_inverse<A>(p.a, p.m, p.z, s);
    } else {
      square.multiply(p.a, p.z, az);
      improve<A, MaxRows>(square, az, p.z, s, t);
    }
    if (!p.residuals) continue;
    square.multiply(p.a, p.z, az);
    square.multiply(az, p.a, s);
    p.residuals[step] = distance<A>(s, p.a, size);
  }
}

}  // namespace nystrom::kernels
