import { interpolatePRGn } from 'd3-scale-chromatic';
import type { Matrix } from 'nystromformer';
import { attentionGradient, clampAt, gradient, type WriteColour, writeAttentionColour, writerOf } from '../colour';
import { clampedShare } from '../heatmap-painter';

/** A matrix, how its values are coloured, and what the legend says of it. */
export interface Painting {
  matrix: Matrix;
  write: WriteColour;
  gradient: string;
  /** What the ends of the scale stand for. */
  least: string;
  most: string;
  /** The share of cells that lie above the scale. */
  clamped: number;
}

/** Multiples of an even share. */
export function attentionPainting(matrix: Matrix, evenShare: number): Painting {
  return {
    matrix,
    write: (pixels, index, value) => writeAttentionColour(pixels, index, value / evenShare),
    gradient: attentionGradient,
    least: matrix.data.some((value) => value < 0) ? '≤ 0' : '0',
    most: `${clampAt}×`,
    clamped: clampedShare(matrix, evenShare),
  };
}

/** How many of a signed matrix's entries are drawn to scale. */
const drawnToScale = 0.98;

const writeSigned = writerOf(interpolatePRGn);
const signedGradient = gradient(interpolatePRGn, 17);

/** Signed values, zero in the middle. */
export function signedPainting(matrix: Matrix): Painting {
  const sizes = matrix.data.map(Math.abs).sort();
  const limit = sizes[Math.ceil(drawnToScale * sizes.length) - 1] || 1;
  const words = Number(limit.toPrecision(2)).toLocaleString('en');
  return {
    matrix,
    write: (pixels, index, value) => writeSigned(pixels, index, (value / limit + 1) / 2),
    gradient: signedGradient,
    least: `−${words}`,
    most: words,
    clamped: sizes.filter((size) => size > limit).length / sizes.length,
  };
}
