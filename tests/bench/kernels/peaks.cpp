#include "peaks.hpp"

#include "kernels/quantise.hpp"

namespace nystrom::bench {
namespace {

using A = NYSTROM_ARCHITECTURE;
using namespace nystrom::kernels;

constexpr std::size_t chains = 12;

/// Keeps the compiler from knowing what stands in a register.
template <class Batch>
void hide(Batch& batch) {
  asm volatile("" : "+x"(batch.data));
}

double multiply_add(std::size_t repeats) {
  Floats<A> sum[chains];
  for (auto& chain : sum) chain = Floats<A>(1.0F);
  Floats<A> x(0.5F);
  Floats<A> y(0.25F);
  for (std::size_t i = 0; i < repeats; ++i) {
    hide(x);
    for (auto& chain : sum) chain = madd(x, y, chain);
    hide(y);
  }
  for (auto& chain : sum) hide(chain);
  return 2.0 * static_cast<double>(repeats * chains * lanes<A>);
}

double int8_dot(std::size_t repeats) {
  Integers<A> sum[chains];
  for (auto& chain : sum) chain = Integers<A>(1);
  Integers<A> weights(0x01020304);
  Integers<A> values(0x04030201);
  for (std::size_t i = 0; i < repeats; ++i) {
    for (auto& chain : sum) {
      hide(weights);
      chain = WordDot<A>::add(chain, weights, values);
    }
  }
  for (auto& chain : sum) hide(chain);
  return 2.0 * static_cast<double>(repeats * chains * lanes<A> * word_size<A>);
}

}  // namespace

constinit const Peaks NYSTROM_PEAKS = {.multiply_add = multiply_add, .int8_dot = int8_dot};

}  // namespace nystrom::bench
