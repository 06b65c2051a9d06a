import type { Classification } from 'nystromformer';
import type { Table } from './table';

/** What rows are in the order of: where they stand in the file, their verdict, or the cells of a column. */
export interface Sorting {
  by: 'row' | 'verdict' | number;
  descending: boolean;
}

const words = new Intl.Collator(undefined, { numeric: true });

/** The rows' numbers in that order; those without a verdict, or with an empty cell, come last either way. */
export function sortedRows(
  { rows }: Table,
  verdicts: readonly Classification[],
  { by, descending }: Sorting,
): number[] {
  const order = rows.map((_, row) => row);
  if (by === 'row') return descending ? order.reverse() : order;
  const keys: (number | string | null)[] =
    by === 'verdict' ? rows.map((_, row) => logitOf(verdicts[row])) : rows.map((row) => keyOf(row[by] ?? ''));
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const [one, other] = [keys[a], keys[b]];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * compare(one, other);
  });
}

function logitOf(verdict: Classification | undefined): number | null {
  return verdict && !verdict.empty ? verdict.logit : null;
}

function keyOf(cell: string): number | string | null {
  if (cell.trim() === '') return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : cell;
}

function compare(one: number | string, other: number | string): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return words.compare(String(one), String(other));
}

/** Of the rows, in their order, those that hold these words in any cell. */
export function rowsWith({ rows }: Table, order: readonly number[], query: string): readonly number[] {
  const wanted = query.trim().toLowerCase();
  return wanted === '' ? order : order.filter((row) => rows[row].some((cell) => cell.toLowerCase().includes(wanted)));
}
