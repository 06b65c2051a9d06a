/** The texts that share a value in a column. */
export interface Group {
  name: string;
  texts: number;
  /** The mean of their probabilities of being positive. */
  mean: number;
}

/** The groups among rows that have a score, the largest first. */
export function groupsOf(cells: readonly string[], scores: readonly (number | null)[]): Group[] {
  const sums = new Map<string, { texts: number; sum: number }>();
  for (const [row, score] of scores.entries()) {
    if (score === null) continue;
    const group = sums.get(cells[row]) ?? { texts: 0, sum: 0 };
    group.texts++;
    group.sum += score;
    sums.set(cells[row], group);
  }
  return [...sums]
    .map(([name, { texts, sum }]) => ({ name, texts, mean: sum / texts }))
    .sort((a, b) => b.texts - a.texts);
}
