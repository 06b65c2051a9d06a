// The worker: it may die, and it keeps no process alive.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { dist, loadTiny, root, withResolvers, words } from './support.mjs';

/** What a call gives, the last worker that it posted to, and the first message. */
async function watchingWorkers(call) {
  const { postMessage } = Worker.prototype;
  let worker;
  let message;
  Worker.prototype.postMessage = function (...args) {
    worker = this;
    message ??= args[0];
    return postMessage.apply(this, args);
  };
  try {
    return { value: await call(), worker, message };
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
}

/** Loads in a worker, and gives it too, and the message that asked it to load. */
async function loadInWorker() {
  const { value, worker, message } = await watchingWorkers(() => loadTiny({ worker: true }));
  return { classifier: value, worker, loading: message };
}

describe('a worker that dies', () => {
  test('rejects every pending call, and the next call starts another', async () => {
    const { classifier, worker } = await loadInWorker();
    const expected = await classifier.classify('w7');
    const pending = [classifier.classify(words(50_000)), classifier.classify('w8 '.repeat(9_000)), classifier.info()];
    const settled = Promise.allSettled(pending);
    await worker.terminate();
    const results = await settled;
    for (const { status, reason } of results.slice(0, 2))
      assert.deepEqual([status, reason?.code], ['rejected', 'ENGINE_FAILED']);
    assert.deepEqual(await classifier.classify('w7'), expected);
    const both = await Promise.all([classifier.classify('w7'), classifier.classify('w7')]);
    assert.deepEqual(both, [expected, expected]);
    await classifier.close();
  });

  test('between two calls is replaced unseen', async () => {
    const { classifier, worker } = await loadInWorker();
    const expected = await classifier.classify('w7');
    await worker.terminate();
    assert.deepEqual(await classifier.classify('w7'), expected);
    await classifier.close();
  });

  test('between two of many texts is replaced unseen', async () => {
    const classifier = await loadTiny();
    const expected = await classifier.classify(['w7', 'w8']);
    const died = withResolvers();
    const source = async function* () {
      yield 'w7';
      await died.promise;
      yield 'w8';
    };
    const iteration = classifier.classifyMany(source(), { workers: 1 });
    const { value: first, worker } = await watchingWorkers(() => iteration.next());
    await worker.terminate();
    died.resolve();
    const second = await iteration.next();
    assert.deepEqual([first.value, second.value], expected);
    await iteration.return();
    await classifier.close();
  });
});

test('a trace is moved out of the worker, not copied', async () => {
  const { classifier, loading } = await loadInWorker();
  await classifier.close();
  const watched = `
    const { parentPort, workerData } = require('node:worker_threads');
    const post = parentPort.postMessage.bind(parentPort);
    parentPort.postMessage = (reply, transfer) => {
      const [trace] = Array.isArray(reply.result) ? reply.result : [];
      const before = trace?.weights.data.byteLength;
      post(reply, transfer);
      if (trace) post({ before, after: trace.weights.data.byteLength });
    };
    import(workerData);`;
  const worker = new Worker(watched, { eval: true, workerData: new URL('node-worker.js', dist).href });
  const request = { layer: 0, head: 0, bins: 0, landmarks: 0, exactRows: new Uint32Array() };
  worker.postMessage(loading);
  const moved = await new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message) => {
      if (message.kind === 'result' && message.id === loading.id)
        worker.postMessage({ id: loading.id + 1, name: 'attention', arguments: { text: words(200), request } });
      if ('before' in message) resolve(message);
    });
  });
  await worker.terminate();
  assert.ok(moved.before > 0);
  assert.equal(moved.after, 0);
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
