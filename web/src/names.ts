import type { Attention } from 'nystromformer';
import { nameOfTokens } from './passages';

/** What the rows and columns of a head's matrices are called. */
export interface Names {
  /** In a sentence. */
  token(index: number): string;
  landmark(index: number): string;
  /** In a table. */
  tokenColumn(index: number): string;
  landmarkColumn(index: number): string;
}

export function namesOf(text: string, { tokens, landmarks }: Attention): Names {
  return {
    token: (index) => nameOfTokens(text, tokens, { start: index, end: index + 1 }, 24),
    landmark: (index) => `landmark ${index + 1}, ${nameOfTokens(text, tokens, landmarks[index], 24)}`,
    tokenColumn: (index) => `${index + 1} ${tokens[index].text}`,
    landmarkColumn: (index) => `landmark ${index + 1}`,
  };
}

/** What a file with one of a head's matrices is called, without an ending. */
export function fileOf({ layer, head }: Attention, matrix: string): string {
  return `layer-${layer + 1}-head-${head + 1}-${matrix}`;
}
