import type { Matrix, TokenRange } from 'nystromformer';

/** Narrower cells could not be told apart, nor pointed at. */
const narrowestCell = 2;

/** How many columns n tokens get in `width` CSS pixels: one a token, if there is room. */
export function columnsFor(n: number, width: number): number {
  return Math.max(1, Math.min(n, Math.floor(width / narrowestCell)));
}

/** The tokens of one bin, when n tokens are spread over `bins` as evenly as whole tokens allow. */
export function tokensOfBin(bin: number, bins: number, n: number): TokenRange {
  return { start: Math.floor((bin * n) / bins), end: Math.floor(((bin + 1) * n) / bins) };
}

/** The bin that holds a token. */
export function binOfToken(token: number, bins: number, n: number): number {
  return Math.ceil(((token + 1) * bins) / n) - 1;
}

/** Transposes an n × k matrix whose rows are tokens: k down, the text across; a cell is the mean over its bin's tokens. */
export function binTokens({ rows: n, columns: rows, data }: Matrix, bins: number): Matrix {
  const means = new Float32Array(rows * bins);
  const sums = new Float64Array(rows);
  for (let bin = 0; bin < bins; bin++) {
    const { start, end } = tokensOfBin(bin, bins, n);
    sums.fill(0);
    for (let token = start; token < end; token++) {
      for (let row = 0; row < rows; row++) {
        sums[row] += data[token * rows + row];
      }
    }
    for (let row = 0; row < rows; row++) {
      means[row * bins + bin] = sums[row] / (end - start);
    }
  }
  return { rows, columns: bins, data: means };
}
