// Timing that a busy machine disturbs least: contestants take turns, and medians are compared.

const least = 7;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Milliseconds of each contestant, in turns: A B C A B C … at least 7 times and for a second. One that answers with a
 * number has timed itself. */
export async function inTurns(contestants) {
  const names = Object.keys(contestants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await contestants[name]();
  const began = performance.now();
  while (times[names[0]].length < least || performance.now() - began < 1000) {
    for (const name of names) {
      const start = performance.now();
      const own = await contestants[name]();
      times[name].push(typeof own === 'number' ? own : performance.now() - start);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])]));
}

/** A table in Markdown. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const milliseconds = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const times = (value) => `${value.toFixed(1)} ×`;
