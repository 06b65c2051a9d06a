import type { Matrix } from 'nystromformer';
import { rowOf } from './matrices';

/** A matrix with names for its rows and columns. */
export interface NamedMatrix {
  matrix: Matrix;
  rowName: (row: number) => string;
  columnName: (column: number) => string;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** As spreadsheets read it. Names must not begin with = + - @, which spreadsheets take for formulas. */
export function csvOfMatrix({ matrix, rowName, columnName }: NamedMatrix): Blob {
  const names = Array.from({ length: matrix.columns }, (_, column) => quoted(columnName(column)));
  const lines = [`,${names.join(',')}\r\n`];
  for (let row = 0; row < matrix.rows; row++) {
    lines.push(`${quoted(rowName(row))},${rowOf(matrix, row).join(',')}\r\n`);
  }
  return new Blob(lines, { type: 'text/csv' });
}

/** Gives the reader of the page a file. */
export function save(name: string, contents: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(contents);
  link.download = name;
  link.click();
  // Some browsers start to read only after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
