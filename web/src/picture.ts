import type { Attention, Matrix, TokenRange } from 'nystromformer';
import { binOfToken, binTokens, columnsFor, tokensOfBin } from './binning';
import { type Cell, lookingMatrix, valueAt } from './matrices';
import { nameOfTokens } from './passages';
import { multiple } from './words';

/**
 * One head's attention as it is drawn: across the text as it reads, down what it looks at, which is its landmarks or,
 * if it was read exactly, each of its tokens.
 */
export interface Picture {
  matrix: Matrix;
  /** What every cell would be if attention were spread evenly. */
  evenShare: number;
  exact: boolean;
  /** The tokens that the row stands for. */
  rowTokens(row: number): TokenRange;
  /** The tokens that the column stands for. */
  columnTokens(column: number): TokenRange;
  /** The column that stands for the token, and perhaps for others. */
  columnOf(token: number): number;
}

export function pictureOf(attention: Attention, width: number): Picture {
  const looking = lookingMatrix(attention);
  const columns = columnsFor(looking.rows, width);
  return {
    matrix: binTokens(looking, columns),
    evenShare: 1 / looking.columns,
    exact: attention.exact,
    rowTokens: (row) => (attention.exact ? { start: row, end: row + 1 } : attention.landmarks[row]),
    columnTokens: (column) => tokensOfBin(column, columns, looking.rows),
    columnOf: (token) => binOfToken(token, columns, looking.rows),
  };
}

/** A cell in words. */
export interface CellWords {
  multiple: string;
  /** Who looks. */
  reader: string;
  /** At what. */
  source: string;
}

export function wordsOf(picture: Picture, attention: Attention, text: string, cell: Cell): CellWords {
  const name = (range: TokenRange, limit: number) => nameOfTokens(text, attention.tokens, range, limit);
  const source = name(picture.rowTokens(cell.row), 60);
  return {
    multiple: multiple(valueAt(picture.matrix, cell) / picture.evenShare),
    reader: name(picture.columnTokens(cell.column), 36),
    source: picture.exact ? source : `landmark ${cell.row + 1}, ${source}`,
  };
}
