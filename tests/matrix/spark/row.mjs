// The package README's recipe for a cluster, with a worker that is lost midway: it gives what one run of the command gives.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const python = join(root, 'build/matrix/spark/bin/python');
const pick = (list, i) => list[i % list.length];

/** Every one another text. */
function rows(count) {
  const things = ['kettle', 'ferry', 'tram', 'quilt', 'harbour', 'umbrella', 'staircase'];
  const words = ['a joy', 'shabby', 'worth the wait', 'not what was promised', 'better than ever', 'dreadful'];
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify({ id: i, text: `Day ${i}: the ${pick(things, i)} was ${pick(words, Math.floor(i / 7))} 🚀.` }),
  );
}

/** The native command as a cluster's machines have it: on the PATH. `pipe` gives it little else of the environment. */
function install(folder) {
  mkdirSync(folder);
  const command = join(folder, 'nystromformer');
  const built = join(root, 'build/native-release/core/tools/nystromformer');
  writeFileSync(command, `#!/bin/sh\nHOME='${homedir()}' exec '${root}scripts/toolchain' '${built}' "$@"\n`);
  chmodSync(command, 0o755);
  return command;
}

/** `folder` has nothing but the recipe, as verdicts.py. */
export function losingWorker(folder) {
  const bin = join(folder, 'bin');
  const command = install(bin);
  const input = `${rows(20_000).join('\n')}\n`;
  writeFileSync(join(folder, 'reviews.jsonl'), input);
  const options = { cwd: folder, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 2 ** 26 };
  const expected = execFileSync(command, ['classify', '--jsonl'], { ...options, input });

  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const said = execFileSync(python, [fileURLToPath(new URL('lose_worker.py', import.meta.url)), 'verdicts.py'], {
    ...options,
    env,
  });
  const parts = readdirSync(join(folder, 'verdicts')).filter((name) => name.startsWith('part-'));
  const verdicts = parts.sort().map((name) => readFileSync(join(folder, 'verdicts', name), 'utf8'));
  assert.equal(expected.split('\n').length, 20_001);
  assert.ok(verdicts.join('') === expected, 'the cluster gave something else than a single run');
  console.log(`        ${said.trim()}`);
  return {};
}
