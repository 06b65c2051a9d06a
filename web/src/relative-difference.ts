/** Σ|valuesᵢ − exactᵢ| / Σ|exactᵢ|: by how much values differ from the exact ones, as a part of these. */
export function relativeDifference(values: Float32Array, exact: Float32Array): number {
  let apart = 0;
  let whole = 0;
  values.forEach((value, i) => {
    apart += Math.abs(value - exact[i]);
    whole += Math.abs(exact[i]);
  });
  return apart / whole;
}
