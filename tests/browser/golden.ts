import { readFileSync } from 'node:fs';
import { fixture } from './open-page';

/** A matrix of the float64 twin. */
export interface GoldenMatrix {
  rows: number;
  columns: number;
  values: number[];
}

/** One head's attention to a text of n tokens, as the float64 twin has it. */
export interface GoldenTrace {
  layer: number;
  head: number;
  n: number;
  m?: number;
  exact: boolean;
  rows: number[];
  landmarks: [number, number][];
  /** F, A, Z and B of a text that was read exactly are missing. */
  F: GoldenMatrix;
  A: GoldenMatrix;
  Z: GoldenMatrix;
  B: GoldenMatrix;
  weights: GoldenMatrix;
  exactRows: GoldenMatrix;
  residual: number[];
  localShare: number[];
}

export const golden = (name: string) => JSON.parse(readFileSync(fixture(`golden/${name}.json`), 'utf8'));

export const traces: GoldenTrace[] = golden('tiny_traces').traces;
export const { ids }: { ids: number[][] } = golden('tiny_lengths');
