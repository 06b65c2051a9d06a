#pragma once

#include <vector>

#include "nn/encoder.hpp"
#include "nn/steps.hpp"

namespace nystrom {

/// The calibrated log-odds of the positive label, one a sequence of the batch, from the last layer's states work.x:
/// (Σ_t a_t·(w·h_t) + b) / temperature with a_t as config.pooling says. A step is a block.
[[nodiscard]] Steps judge(Pass pass, std::vector<double>& logits);

/// The constant part of every logit: b / temperature.
[[nodiscard]] double bias(const Config& config, const Weights& weights) noexcept;

/// Evidence of each of a sequence's tokens (Explanation), once `judge` has read it.
[[nodiscard]] std::vector<float> evidence(const Pass& pass, const Sequence& sequence, double logit);

}  // namespace nystrom
