#include "peaks.hpp"

#include "kernels/quantise.hpp"

namespace nystrom::bench {
namespace {

using A = NYSTROM_ARCHITECTURE;
using namespace nystrom::kernels;

constexpr std::size_t chains = 12;

/// Each chain starts from another number, so that no compiler computes two of them at once.
template <class Batch, class Next>
void run_chains(std::size_t repeats, Next next) {
  Batch chain[chains];
  unrolled<chains>([&](auto c) NYSTROM_INLINED { chain[c] = Batch(static_cast<typename Batch::value_type>(c)); });
  for (std::size_t i = 0; i < repeats; ++i) {
    unrolled<chains>([&](auto c) NYSTROM_INLINED { chain[c] = next(chain[c]); });
  }
  Batch sum(0);
  unrolled<chains>([&](auto c) NYSTROM_INLINED { sum += chain[c]; });
  [[maybe_unused]] static volatile double result;
  result = static_cast<double>(xsimd::reduce_add(sum));
}

/// Keeps a compiler from computing a product once for all chains. WebAssembly has no such thing: there a chain feeds on
/// itself instead, which costs nothing where the product comes quickly.
template <class Batch>
Batch changing([[maybe_unused]] Batch& batch, [[maybe_unused]] const Batch& chain) {
#ifdef __wasm__
  return chain;
#else
  asm volatile("" : "+x"(batch.data));
  return batch;
#endif
}

double multiply_add(std::size_t repeats) {
  static volatile float unknown = 0.5F;  // a constant would be put together anew in every turn
  const Floats<A> half(unknown);
  run_chains<Floats<A>>(repeats, [&](Floats<A> chain) { return madd(chain, half, half); });
  return 2.0 * static_cast<double>(repeats * chains * lanes<A>);
}

double int8_dot(std::size_t repeats) {
  static volatile std::int32_t unknown = 0x01020304;
  Integers<A> values(unknown);
  const Integers<A> weights = values;
  run_chains<Integers<A>>(repeats,
                          [&](Integers<A> chain) { return WordDot<A>::add(chain, weights, changing(values, chain)); });
  return 2.0 * static_cast<double>(repeats * chains * lanes<A> * word_size<A>);
}

}  // namespace

constinit const Peaks NYSTROM_PEAKS = {.multiply_add = multiply_add, .int8_dot = int8_dot};

}  // namespace nystrom::bench
