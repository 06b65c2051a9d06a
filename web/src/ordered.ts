/** Index of the last item whose start is at most `value`, by halving; 0 if there is none. Items come by their starts. */
export function lastFrom<T>(items: readonly T[], startOf: (item: T) => number, value: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (startOf(items[middle]) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
