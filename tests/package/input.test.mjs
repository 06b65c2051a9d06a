// Wrong arguments: each error names the argument.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NystromformerError } from 'nystromformer';
import { load, loadTiny, readModel } from './support.mjs';

function invalid(message) {
  return (error) => {
    assert.ok(error instanceof NystromformerError && error instanceof Error);
    assert.equal(error.code, 'INPUT_INVALID');
    assert.match(error.message, message);
    return true;
  };
}

describe('calls', () => {
  let classifier;
  before(async () => {
    classifier = await loadTiny();
  });
  after(() => classifier.close());

  for (const value of [null, undefined, 7, {}, true, Symbol.iterator]) {
    test(`classify(${String(value)})`, () =>
      assert.rejects(classifier.classify(value), invalid(/^text must be a string/)));
    test(`classify([text, ${String(value)}])`, () =>
      assert.rejects(classifier.classify(['a', value]), invalid(/^texts\[1\] must be a string/)));
    test(`attention(${String(value)})`, () =>
      assert.rejects(classifier.attention(value, { layer: 0, head: 0 }), invalid(/^text must be a string/)));
  }

  for (const layer of [-1, 2, 0.5, NaN, '0', undefined]) {
    test(`layer ${String(layer)}`, () =>
      assert.rejects(classifier.attention('a', { layer, head: 0 }), invalid(/^options\.layer .* from 0 to 1/)));
  }
  for (const head of [-1, 2, null]) {
    test(`head ${head}`, () =>
      assert.rejects(classifier.attention('a', { layer: 0, head }), invalid(/^options\.head .* from 0 to 1/)));
  }
  test('attention without options', () =>
    assert.rejects(classifier.attention('a'), invalid(/^options must be an object/)));
  test('a signal that is none', () =>
    assert.rejects(classifier.classify('a', { signal: {} }), invalid(/^options\.signal/)));
  test('onProgress that is no function', () =>
    assert.rejects(classifier.classify('a', { onProgress: 1 }), invalid(/^options\.onProgress/)));
  test('options that there are not', async () => {
    const slip = (name) => invalid(new RegExp(`^options\\.${name} is no option of this call`));
    await assert.rejects(classifier.classify('a', { sginal: null }), slip('sginal'));
    await assert.rejects(classifier.explain('a', { bins: 3 }), slip('bins'));
    await assert.rejects(classifier.attention('a', { layer: 0, head: 0, landmark: 4 }), slip('landmark'));
    assert.throws(() => classifier.classifyMany(['a'], { worker: 2 }), slip('worker'));
  });
  test('progress of what comes one by one', () =>
    assert.throws(() => classifier.classifyMany(['a'], { onProgress() {} }), invalid(/count its results$/)));
  test('an empty array', async () => assert.deepEqual(await classifier.classify([]), []));
});

describe('load', () => {
  const model = readModel('tiny-model');
  const wrong = [
    [{ model: null }, /^options\.model/],
    [{ model: 5 }, /^options\.model/],
    [{ model: {} }, /^options\.model\.config/],
    [{ model: { ...model, weights: 'model.safetensors' } }, /^options\.model\.weights .* model\.safetensors/],
    [{ model, wasm: {} }, /^options\.wasm/],
    [{ model, wasm: { simd128: 1 } }, /^options\.wasm\.simd128/],
    [{ model, maxTokens: 1 }, /^options\.maxTokens/],
    [{ model, maxTokens: 2.5 }, /^options\.maxTokens/],
    [{ model, worker: 'yes' }, /^options\.worker/],
    [{ model, worker: () => {} }, /^options\.worker can be a function in a page/],
    [{ model, assets: 'here' }, /^options\.assets/],
    [{ model, assets: { base: 7 } }, /^options\.assets/],
    [{ model, signal: 'now' }, /^options\.signal/],
    [{ model, maxToken: 10 }, /^options\.maxToken is no option of this call/],
    [null, /^options must be an object/],
  ];
  for (const [options, message] of wrong) test(String(message), () => assert.rejects(load(options), invalid(message)));
});

test('a closed classifier says so, and may be closed again', async () => {
  const classifier = await loadTiny();
  const pending = classifier.classify('w7 '.repeat(5_000));
  await classifier.close();
  await classifier.close();
  for (const call of [
    pending,
    classifier.classify('a'),
    classifier.attention('a', { layer: 0, head: 0 }),
    classifier.info(),
  ]) {
    await assert.rejects(call, { name: 'NystromformerError', code: 'CLOSED' });
  }
});

test('asyncDispose closes', async () => {
  const classifier = await loadTiny();
  await classifier[Symbol.asyncDispose]();
  await assert.rejects(classifier.classify('a'), { code: 'CLOSED' });
});
