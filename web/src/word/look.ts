import type { Attention, Matrix, TextRange, TokenRange } from 'nystromformer';
import { rowOf } from '../matrices';
import type { Paragraph } from '../paragraphs';
import { wordsOfTokens } from './finding';

/** What one head did with one word of a text. Where a word is several tokens, every number is their mean. */
export interface WordLook {
  word: TextRange;
  attention: Attention;
  /** The tokens of the word that are taken. */
  tokens: TokenRange;
  /** The landmarks' segments; if the text was read exactly, its words. */
  passages: readonly TokenRange[];
  /** By passage: F·Z, or the exact row's mass if the text was read exactly. */
  taken: Float32Array;
  /** F·Z·B, by token: where the word looked through landmarks. Null if it was read exactly. */
  landmarkRow: Float32Array | null;
  /** By token: where exact attention would have looked, or has. */
  exactRow: Float32Array;
  /** How much of what it took came through the convolution. */
  localShare: number;
}

/** A number for each token of the text, and what it is called. */
export interface Row {
  id: string;
  title: string;
  values: Float32Array;
}

/** Of longer words the first so many tokens are taken: the package gives no more exact rows. */
const mostTokens = 64;

export function tokensTaken({ start, end }: TokenRange): number[] {
  return Array.from({ length: Math.min(end - start, mostTokens) }, (_, i) => start + i);
}

function meanOfRows({ columns, data }: Matrix, rows: readonly number[]): Float32Array {
  return Float32Array.from({ length: columns }, (_, column) => {
    return rows.reduce((sum, row) => sum + data[row * columns + column], 0) / rows.length;
  });
}

/** Row vector times matrix. */
function times(row: Float32Array, { columns, data }: Matrix): Float32Array {
  const sums = new Float64Array(columns);
  row.forEach((factor, j) => {
    for (let token = 0; token < columns; token++) sums[token] += factor * data[j * columns + token];
  });
  return Float32Array.from(sums);
}

export function massOn(row: Float32Array, { start, end }: TokenRange): number {
  return row.subarray(start, end).reduce((sum, value) => sum + value, 0);
}

/** Looks at a word; `rows` are its tokens that are taken, whose exact rows the attention holds. */
export function lookOf(
  attention: Attention,
  sentences: readonly Paragraph[],
  word: TextRange,
  rows: readonly number[],
): WordLook {
  const { exact, weights, exactRows, landmarkToToken, localShare, landmarks, tokens } = attention;
  const exactRow = meanOfRows(exactRows, [...rows.keys()]);
  const passages = exact ? wordsOfTokens(sentences, tokens) : landmarks;
  const taken = exact ? Float32Array.from(passages, (passage) => massOn(exactRow, passage)) : meanOfRows(weights, rows);
  return {
    word,
    attention,
    tokens: { start: rows[0], end: rows[0] + rows.length },
    passages,
    taken,
    landmarkRow: exact ? null : times(taken, landmarkToToken),
    exactRow,
    localShare: rows.reduce((sum, row) => sum + localShare[row], 0) / rows.length,
  };
}

/** The numbers from the largest to the smallest, by their places. */
export function ranked(values: ArrayLike<number>): number[] {
  return Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a]);
}

/** What a landmark gathered, by token: a row of B. */
export function gathered({ landmarkToToken }: Attention, landmark: number): Float32Array {
  return rowOf(landmarkToToken, landmark);
}

/** The token with the most. */
export function peakOf(row: Float32Array): number {
  return row.reduce((best, value, token) => (value > row[best] ? token : best), 0);
}
