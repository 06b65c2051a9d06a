import type { Attention, TokenRange } from 'nystromformer';
import { binOfToken, binTokens, columnsFor, type Grid, tokensOfBin } from './binning';
import { nameOfTokens } from './passages';
import { multiple } from './words';

/** A cell of the heatmap: the row that is looked at, the column that looks. */
export interface Cell {
  row: number;
  column: number;
}

/**
 * One head's attention as it is drawn: across the text as it reads, down what it looks at, which is its landmarks or,
 * if it was read exactly, each of its tokens.
 */
export interface Picture {
  grid: Grid;
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
  const matrix = attention.exact ? attention.weights : attention.tokenToLandmark;
  const columns = columnsFor(matrix.rows, width);
  return {
    grid: binTokens(matrix, columns),
    evenShare: 1 / matrix.columns,
    exact: attention.exact,
    rowTokens: (row) => (attention.exact ? { start: row, end: row + 1 } : attention.landmarks[row]),
    columnTokens: (column) => tokensOfBin(column, columns, matrix.rows),
    columnOf: (token) => binOfToken(token, columns, matrix.rows),
  };
}

export function valueAt({ grid }: Picture, { row, column }: Cell): number {
  return grid.values[row * grid.columns + column];
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
    multiple: multiple(valueAt(picture, cell) / picture.evenShare),
    reader: name(picture.columnTokens(cell.column), 36),
    source: picture.exact ? source : `landmark ${cell.row + 1}, ${source}`,
  };
}
