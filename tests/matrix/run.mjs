// Tries the packed package wherever it must run, and says where it did. usage: scripts/test-matrix [PART OF A NAME…]
import assert from 'node:assert/strict';
import { load } from '../../wasm/dist/node.js';
import { rows } from './rows.mjs';

/** What the package says here, which it must say everywhere, to the last bit. */
const classifier = await load();
const { label, logit } = await classifier.classify('A film to remember, for once.');
await classifier.close();

/** What was read is right, and a page took its worker, module and model from files. */
function check({ outcome, requests }) {
  if (outcome === undefined) return;
  if (outcome.error) throw new Error(outcome.error);
  assert.deepEqual([outcome.label, outcome.logit], [label, logit]);
  if ('server' in outcome) assert.equal(outcome.server, logit);
  if ('worker' in outcome) assert.equal(outcome.worker, true);
  if (requests === undefined) return;
  const asked = (file) => requests.filter((path) => file.test(path)).length;
  const times = [/\.js$/, /\.wasm$/, /\.json$/, /\.safetensors$/].map(asked);
  assert.ok(times[0] >= 2, `no worker was asked for: ${requests.join(' ')}`);
  assert.deepEqual(times.slice(1), [1, 2, 1], requests.join(' '));
}

const wanted = process.argv.slice(2);
let failed = 0;
for (const [name, row] of Object.entries(rows)) {
  if (wanted.length > 0 && !wanted.some((part) => name.toLowerCase().includes(part.toLowerCase()))) continue;
  try {
    check(await row());
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    const said = [error.message, error.stderr, error.stdout].filter(Boolean).join('\n');
    console.log(`FAILED  ${name}: ${said.slice(0, 1500)}`);
  }
}
console.log(failed === 0 ? 'all ran' : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
