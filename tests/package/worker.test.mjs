// The worker: it may die, and it keeps no process alive.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { loadTiny, root, words } from './support.mjs';

/** Loads in a worker, and gives it too. */
async function loadInWorker() {
  const { postMessage } = Worker.prototype;
  let worker;
  Worker.prototype.postMessage = function (...args) {
    worker = this;
    return postMessage.apply(this, args);
  };
  try {
    const classifier = await loadTiny({ worker: true });
    return { classifier, current: () => worker };
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
}

describe('a worker that dies', () => {
  test('rejects every pending call, and the next call starts another', async () => {
    const { classifier, current } = await loadInWorker();
    const expected = await classifier.classify('w7');
    const pending = [classifier.classify(words(50_000)), classifier.classify('w8 '.repeat(9_000)), classifier.info()];
    const settled = Promise.allSettled(pending);
    await current().terminate();
    const results = await settled;
    for (const { status, reason } of results.slice(0, 2))
      assert.deepEqual([status, reason?.code], ['rejected', 'ENGINE_FAILED']);
    assert.deepEqual(await classifier.classify('w7'), expected);
    const both = await Promise.all([classifier.classify('w7'), classifier.classify('w7')]);
    assert.deepEqual(both, [expected, expected]);
    await classifier.close();
  });

  test('between two calls is replaced unseen', async () => {
    const { classifier, current } = await loadInWorker();
    const expected = await classifier.classify('w7');
    await current().terminate();
    assert.deepEqual(await classifier.classify('w7'), expected);
    await classifier.close();
  });
});

test('results are the same in a worker and in place', async () => {
  const [inWorker, inPlace] = await Promise.all([loadTiny({ worker: true }), loadTiny()]);
  assert.equal((await inWorker.info()).worker, true);
  assert.equal((await inPlace.info()).worker, false);
  const texts = [words(300), '', words(20)];
  assert.deepEqual(await inWorker.classify(texts), await inPlace.classify(texts));
  const request = { layer: 1, head: 1 };
  assert.deepEqual(await inWorker.attention(texts[0], request), await inPlace.attention(texts[0], request));
  assert.deepEqual(await inWorker.attention(texts[2], request), await inPlace.attention(texts[2], request));
  await Promise.all([inWorker.close(), inPlace.close()]);
});

for (const worker of [false, true]) {
  test(`an idle classifier keeps no process alive, ${worker ? 'in a worker' : 'in place'}`, () => {
    const script = `
      import { load } from 'nystromformer';
      const classifier = await load({ model: './tests/fixtures/tiny-model-half', worker: ${worker} });
      console.log((await classifier.classify('')).empty);`;
    const { stdout, status, error } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.deepEqual([stdout, status, error], ['true\n', 0, undefined]);
  });
}

test('an engine without WebAssembly is told so', () => {
  const script = `
    import { load } from 'nystromformer';
    await load().catch(({ code, message }) => console.log(code, message));`;
  const { stdout } = spawnSync(process.execPath, ['--jitless', '--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.match(stdout, /^WASM_UNSUPPORTED This engine has no WebAssembly/);
});
