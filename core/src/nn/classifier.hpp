#pragma once

#include <cstddef>

#include "nn/encoder.hpp"

namespace nystrom {

/// The calibrated log-odds of the positive label: (w·mean_t(h_t) + b) / temperature over the sequence's last states.
/// `pooled` is scratch for hidden_size floats.
[[nodiscard]] double logit(const Pass& pass, const Sequence& sequence, float* pooled);

}  // namespace nystrom
