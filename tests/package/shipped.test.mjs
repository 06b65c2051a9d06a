// The model and the modules that the package ships, found without being told where.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { dist, load } from './support.mjs';

const files = ['wasm/relaxed-simd.wasm', 'model/config.json', 'model/tokenizer.json', 'model/model.safetensors'];
const size = files.reduce((sum, name) => sum + readFileSync(new URL(name, dist)).length, 0);

describe('what the shipped model must get right', () => {
  let classifier;
  before(async () => {
    classifier = await load();
  });
  after(() => classifier.close());

  for (const text of ['I am not happy', "I don't love it"])
    test(`"${text}" is negative`, async () => assert.equal((await classifier.classify(text)).label, 'negative'));

  test('"your internet is not bad" is not negative', async () =>
    assert.notEqual((await classifier.classify('your internet is not bad')).label, 'negative'));

  for (const text of ['A wonderful film. ', 'The room smelled of smoke and nobody at the desk cared. '])
    test(`ten times "${text.trim()}" says what one says`, async () => {
      const [once, tenTimes] = await classifier.classify([text, text.repeat(10)]);
      assert.equal(tenTimes.label, once.label);
      assert.ok(Math.abs(tenTimes.scores.positive - once.scores.positive) <= 0.1);
    });
});

for (const worker of [false, true]) {
  test(`load() ${worker ? 'in a worker' : 'in place'} finds everything and knows its size beforehand`, async () => {
    const events = [];
    const classifier = await load({ worker, onProgress: (event) => events.push(event) });
    for (const { loaded, total, fraction } of events) assert.deepEqual([total, fraction], [size, loaded / size]);
    assert.equal(events.at(-1).fraction, 1);
    const { model, module, layers, heads, landmarks, exactUpTo } = await classifier.info();
    assert.equal(model, 'nystromformer-sentiment');
    assert.deepEqual(
      { module, layers, heads, landmarks, exactUpTo },
      { module: 'relaxed-simd', layers: 6, heads: 12, landmarks: 32, exactUpTo: 128 },
    );
    const [happy, unhappy] = await classifier.classify(['A wonderful film.', 'I am not happy.']);
    assert.deepEqual([happy.label, unhappy.label], ['positive', 'negative']);
    await classifier.close();
  });
}
