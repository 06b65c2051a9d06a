// What the arithmetic of the shipped network takes at least on this machine.
import { config } from './shipped.mjs';

const { hidden_size: width, intermediate_size: inner, num_hidden_layers: layers, num_attention_heads: heads } = config;
const { num_landmarks: landmarks, conv_kernel_size: filter } = config;
export const exactUpTo = config.exact_up_to;

const inverseIterations = 6;
const inverseProducts = 4;

/** Operations of a text, a multiply-add counting as two, by their kind. */
function operations(tokens) {
  const int8 = layers * 2 * tokens * width * (4 * width + 2 * inner);
  const convolution = 2 * tokens * width * filter;
  if (tokens <= exactUpTo) return { int8, float: layers * (convolution + 2 * 2 * tokens * tokens * width) };
  const factors = 4 * 2 * tokens * landmarks * width;
  const inverse = heads * inverseIterations * inverseProducts * 2 * landmarks ** 3;
  return { int8, float: layers * (convolution + factors + inverse) };
}

/** Milliseconds, were every product as fast as the best of `rates` (tests/bench/kernel-rates.mjs) says registers alone are. */
export function bound(tokens, rates) {
  const peak = (kernel) => Math.max(...rates.filter(({ name }) => name.startsWith(kernel)).map(({ peak }) => peak));
  const { int8, float } = operations(tokens);
  return 1000 * (int8 / peak('int8') + float / peak('matmul'));
}
