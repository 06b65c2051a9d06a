#pragma once

#include <cstddef>
#include <vector>

#include <nystrom/run.hpp>

#include "kernels/kernels.hpp"
#include "nn/bins.hpp"
#include "nn/steps.hpp"

namespace nystrom {

/// The network was trained with six iterations. These make as many landmarks as tokens the exact attention, to 1e-3.
inline constexpr std::size_t recomputed_iterations = 16;

/// One head's Q and K, kept for what its layer doesn't compute: attention through another number of landmarks, and
/// single rows of the exact attention.
class QueriesAndKeys {
 public:
  QueriesAndKeys(std::size_t tokens, std::size_t head_size);

  /// Rows first … first + count − 1 of Q or K, head size floats each.
  void queries(const float* rows, std::size_t stride, std::size_t first, std::size_t count);
  void keys(const float* rows, std::size_t stride, std::size_t first, std::size_t count);

  /// A, Z and the residuals of `trace`, and sums over bins of its F and B, for as many landmarks as A has rows.
  [[nodiscard]] Steps through_landmarks(const kernels::KernelTable& kernels, const Bins& bins,
                                        AttentionTrace& trace) const;
  /// Row i of `out` is softmax(q·Kᵀ/√head size), a weight a token, for the query of token `tokens[i]`.
  [[nodiscard]] Steps exact_rows(const kernels::KernelTable& kernels, const std::vector<std::size_t>& tokens,
                                 Matrix& out) const;

 private:
  void keep(std::vector<float>& kept, const float* rows, std::size_t stride, std::size_t first,
            std::size_t count) const;
  void softmax_of_product(const kernels::KernelTable& kernels, const float* a, std::size_t rows, const float* packed,
                          std::size_t columns, float* out) const;

  std::size_t tokens_;
  std::size_t head_size_;
  std::vector<float> queries_;  ///< tokens × head size
  std::vector<float> keys_;     ///< the same
};

}  // namespace nystrom
