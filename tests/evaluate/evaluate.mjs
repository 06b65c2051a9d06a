// Accuracy of a model on labelled validation rows, through the package in Node.
// usage: node tests/evaluate/evaluate.mjs DATA_FOLDER [--split V1] [--model FOLDER] [--limit N]
// DATA_FOLDER holds imdb-train.jsonl.xz and sst2-train.jsonl.xz (a line: { id, text, label }) and splits.json, which
// names each split's ids. Reads .xz with the command xz.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { load } from 'nystromformer';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: 'string', default: 'V1' },
    model: { type: 'string' },
    limit: { type: 'string', default: 'Infinity' },
  },
});
if (positionals.length !== 1) {
  console.error('usage: node tests/evaluate/evaluate.mjs DATA_FOLDER [--split V1] [--model FOLDER] [--limit N]');
  process.exit(2);
}
const [folder] = positionals;

async function rowsOf(file, ids) {
  const xz = spawn('xz', ['-dc', join(folder, file)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const failed = once(xz, 'error').then(([error]) => Promise.reject(error));
  const rows = [];
  const read = async () => {
    for await (const line of createInterface({ input: xz.stdout })) {
      const row = JSON.parse(line);
      if (ids.has(row.id)) rows.push(row);
    }
  };
  await Promise.race([read(), failed]);
  if (rows.length !== ids.size) throw new Error(`${file} has ${rows.length} of the split's ${ids.size} rows`);
  return rows;
}

/** The reviews' mark-up, read as in training. */
function plain(text) {
  return text.replaceAll('<br />', '\n');
}

/** At most `limit` rows, evenly spread: a split's classes stand in blocks. */
function spread(rows, limit) {
  const step = Math.max(1, rows.length / limit);
  return rows.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

/** Wilson's interval of a proportion at 95 % (1927). */
function wilson(right, n) {
  const z = 1.959964;
  const share = right / n;
  const centre = share + (z * z) / (2 * n);
  const spread = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [centre - spread, centre + spread].map((bound) => bound / (1 + (z * z) / n));
}

const percent = (share) => `${(100 * share).toFixed(2)} %`;

const splits = JSON.parse(readFileSync(join(folder, 'splits.json'), 'utf8'));
const classifier = await load(values.model === undefined ? {} : { model: values.model });
const { model, module, labels, parameters } = await classifier.info();
console.log(`${model}, ${parameters} parameters, module ${module}, split ${values.split}`);

for (const [name, file] of [
  ['imdb', 'imdb-train.jsonl.xz'],
  ['sst2', 'sst2-train.jsonl.xz'],
]) {
  const rows = spread(await rowsOf(file, new Set(splits[name][values.split])), Number(values.limit));
  const began = performance.now();
  const results = await classifier.classify(rows.map(({ text }) => plain(text)));
  const seconds = (performance.now() - began) / 1000;
  const right = results.filter(({ label }, index) => label === labels[rows[index].label]).length;
  const tokens = results.reduce((sum, result) => sum + result.tokens, 0);
  const [low, high] = wilson(right, rows.length).map(percent);
  console.log(
    `${name}: ${percent(right / rows.length)} right (${right} of ${rows.length}; 95 %: ${low} to ${high}), ` +
      `${tokens} tokens in ${seconds.toFixed(1)} s`,
  );
}
await classifier.close();
