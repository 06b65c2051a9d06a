// The model and the modules that the package ships, found without being told where.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dist, load } from './support.mjs';

const files = ['wasm/relaxed-simd.wasm', 'model/config.json', 'model/tokenizer.json', 'model/model.safetensors'];
const size = files.reduce((sum, name) => sum + readFileSync(new URL(name, dist)).length, 0);

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

test('both modules agree on texts of every kind of length', async () => {
  const [simd128, relaxed] = await Promise.all([
    load({ wasm: { simd128: new URL('wasm/simd128.wasm', dist) } }),
    load({ wasm: { relaxedSimd: new URL('wasm/relaxed-simd.wasm', dist) } }),
  ]);
  const sentence = 'The story takes its time, and the music is better than the plot. ';
  const texts = [1, 8, 9, 40, 100].map((count) => sentence.repeat(count));
  const results = await relaxed.classify(texts);
  for (const [index, { logit, tokens }] of (await simd128.classify(texts)).entries()) {
    assert.equal(tokens, results[index].tokens);
    // A value that floats round to either side of a border is one step of 127 apart, and so is what follows from it.
    assert.ok(Math.abs(logit - results[index].logit) <= 0.1, `${tokens} tokens: ${logit} and ${results[index].logit}`);
  }
  await Promise.all([simd128.close(), relaxed.close()]);
});
