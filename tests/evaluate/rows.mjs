// Labelled rows from the data folder. A line of NAME.jsonl.xz is { id, text, label }; splits.json names each split's ids.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Every row of a file that `wanted` says yes to. Reads .xz with the command xz. */
export async function readRows(folder, name, wanted) {
  const xz = spawn('xz', ['-dc', join(folder, `${name}.jsonl.xz`)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const failed = once(xz, 'error').then(([error]) => Promise.reject(error));
  const rows = [];
  const read = async () => {
    let index = 0;
    for await (const line of createInterface({ input: xz.stdout })) {
      const row = JSON.parse(line);
      if (wanted(row, index++)) rows.push({ ...row, text: plain(row.text) });
    }
  };
  await Promise.race([read(), failed]);
  return rows;
}

/** The rows of some parts of a split. */
export async function splitRows(folder, set, names, parts) {
  const split = JSON.parse(readFileSync(join(folder, 'splits.json'), 'utf8'))[set];
  const ids = new Set(parts.flatMap((part) => split[part]));
  const rows = (await Promise.all(names.map((name) => readRows(folder, name, ({ id }) => ids.has(id))))).flat();
  if (rows.length !== ids.size) throw new Error(`${names} have ${rows.length} of the split's ${ids.size} rows`);
  return rows;
}

/** The reviews' mark-up, read as in training. */
function plain(text) {
  return text.replaceAll('<br />', '\n');
}

/** At most `limit` rows, evenly spread: a split's classes stand in blocks. */
export function spread(rows, limit) {
  const step = Math.max(1, rows.length / limit);
  return rows.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}
