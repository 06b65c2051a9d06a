// Many texts: in one call, and in calls that overlap.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadTiny, modules, words } from './support.mjs';

const texts = [1, 5, 6, 7, 40, 126, 127, 300, 700].map((tokens) => words(tokens + 200).slice(0, 5 * tokens)).concat('');

for (const { name, wasm } of modules) {
  test(`${name}: a text alone and at every place in a batch gives the same bits`, async () => {
    const classifier = await loadTiny({ wasm });
    const alone = [];
    for (const text of texts) alone.push(await classifier.classify(text));
    for (let shift = 0; shift < texts.length; ++shift) {
      const turn = (list) => [...list.slice(shift), ...list.slice(0, shift)];
      assert.deepEqual(await classifier.classify(turn(texts)), turn(alone));
    }
    await classifier.close();
  });
}

let classifier;
before(async () => {
  classifier = await loadTiny();
});
after(() => classifier.close());

test('results come in order from more texts than one batch holds', async () => {
  const many = Array.from({ length: 3_000 }, (_, i) => `w${5 + (i % 400)} w${6 + (i % 7)}`);
  const fractions = [];
  const results = await classifier.classify(many, { onProgress: ({ fraction }) => fractions.push(fraction) });
  assert.equal(results.length, many.length);
  for (const index of [0, 1, 255, 256, 257, 1_999, 2_999]) {
    assert.deepEqual(results[index], await classifier.classify(many[index]));
  }
  assert.ok(fractions.every((fraction, index) => fraction > (fractions[index - 1] ?? 0) && fraction <= 1));
  assert.ok(fractions.length > 10);
  assert.equal(fractions.at(-1), 1);
});

test('calls overlap: a short text does not wait for a long one', async () => {
  const order = [];
  const long = classifier.classify(words(20_000)).then((result) => order.push('long') && result);
  const short = classifier.classify('w7').then((result) => order.push('short') && result);
  const results = await Promise.all([long, short]);
  assert.deepEqual(order, ['short', 'long']);
  assert.deepEqual(results, [await classifier.classify(words(20_000)), await classifier.classify('w7')]);
});

test('200 calls at once are all answered', async () => {
  const calls = Array.from({ length: 200 }, (_, i) => classifier.classify(`w${5 + i} w9`));
  const [results, attention] = await Promise.all([
    Promise.all(calls),
    classifier.attention('w7 w8', { layer: 1, head: 0 }),
  ]);
  assert.equal(attention.weights.rows, 4);
  assert.deepEqual(results, await classifier.classify(Array.from({ length: 200 }, (_, i) => `w${5 + i} w9`)));
});
