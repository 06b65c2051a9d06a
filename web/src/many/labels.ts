import type { Classification } from 'nystromformer';

/** A column with more values than this holds no labels. */
export const mostValues = 12;

/** By a column's values, the model's label that each means; null where it means none. */
export type Meanings = ReadonlyMap<string, string | null>;

/** The values of a column in their order, the empty one left out; null if they are too many to be labels. */
export function valuesOf(cells: readonly string[]): string[] | null {
  const values = new Set<string>();
  for (const cell of cells) {
    if (cell.trim() !== '') values.add(cell);
    if (values.size > mostValues) return null;
  }
  return [...values].sort(new Intl.Collator(undefined, { numeric: true }).compare);
}

/** "pos", "Positive": how a label is written by hand. */
function byName(value: string, labels: readonly string[]): string | null {
  const word = value.trim().toLowerCase();
  return labels.find((label) => label === word || (word.length >= 3 && label.startsWith(word))) ?? null;
}

/** What values seem to mean: by name, or as grades, of which those below the middle are negative. */
export function likelyMeanings(values: readonly string[], labels: readonly string[]): Meanings {
  const grades = values.map(Number);
  if (!grades.every(Number.isFinite)) return new Map(values.map((value) => [value, byName(value, labels)]));
  const middle = (Math.min(...grades) + Math.max(...grades)) / 2;
  return new Map(values.map((value, i) => [value, grades[i] === middle ? null : labels[grades[i] > middle ? 1 : 0]]));
}

/** Whether each of these values is a label's name, and both labels are there. */
export function areLabels(values: readonly string[], labels: readonly string[]): boolean {
  const named = new Set(values.map((value) => byName(value, labels)));
  return named.size === labels.length && !named.has(null);
}

/** By a column's value, how many of its texts were read as each label, in the labels' order. */
export type Counts = ReadonlyMap<string, readonly number[]>;

export function countsOf(
  cells: readonly string[],
  verdicts: readonly Classification[],
  labels: readonly string[],
): Counts {
  const counts = new Map<string, number[]>();
  for (const [row, { label }] of verdicts.entries()) {
    if (label === null) continue;
    const count = counts.get(cells[row]) ?? labels.map(() => 0);
    count[labels.indexOf(label)]++;
    counts.set(cells[row], count);
  }
  return counts;
}

/** Of the texts whose value means a label, how many were read as that. */
export function agreement(
  counts: Counts,
  meanings: Meanings,
  labels: readonly string[],
): { right: number; of: number } {
  let right = 0;
  let of = 0;
  for (const [value, meaning] of meanings) {
    const count = counts.get(value);
    if (!count || meaning === null) continue;
    right += count[labels.indexOf(meaning)];
    of += count.reduce((sum, one) => sum + one, 0);
  }
  return { right, of };
}
