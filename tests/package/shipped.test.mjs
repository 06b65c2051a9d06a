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
