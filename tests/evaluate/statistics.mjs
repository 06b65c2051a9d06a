// What is said of a set of answers.

/** Wilson's interval of a proportion at 95 % (1927). */
function wilson(right, n) {
  const z = 1.959964;
  const share = right / n;
  const centre = share + (z * z) / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [centre - reach, centre + reach].map((bound) => bound / (1 + (z * z) / n));
}

export const percent = (share) => `${(100 * share).toFixed(2)} %`;

export function proportion(right, n) {
  if (n === 0) return 'no rows';
  const [low, high] = wilson(right, n).map(percent);
  return `${percent(right / n)} (${right} of ${n}; 95 %: ${low} to ${high})`;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled(values, random) {
  const result = [...values];
  for (let i = result.length - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** Expected calibration error of probabilities of class 1 over bins of equal mass (Naeini et al. 2015, equal-mass form). */
export function calibrationError(probabilities, outcomes, bins = 15) {
  const order = probabilities.map((_, i) => i).sort((a, b) => probabilities[a] - probabilities[b]);
  let error = 0;
  for (let bin = 0; bin < bins; ++bin) {
    const part = order.slice(Math.floor((bin * order.length) / bins), Math.floor(((bin + 1) * order.length) / bins));
    error += Math.abs(part.reduce((sum, i) => sum + probabilities[i] - outcomes[i], 0)) / order.length;
  }
  return error;
}

/** The mean of that error for a model whose probabilities are true: outcomes are drawn from them. */
export function calibrationFloor(probabilities, random, draws = 200) {
  let sum = 0;
  for (let i = 0; i < draws; ++i) {
    const outcomes = probabilities.map((p) => (random() < p ? 1 : 0));
    sum += calibrationError(probabilities, outcomes);
  }
  return sum / draws;
}
