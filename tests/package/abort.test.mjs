// Aborting: at once, with the signal's reason, and the next call works.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listen } from '../listen.mjs';
import { load, loadTiny, modelOfIds, withResolvers, words } from './support.mjs';

const text = words(65_534);

/** How many times the event loop turned until the promise was settled. */
async function turnsUntilSettled(promise) {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  let turns = 0;
  for (; !settled && turns < 1000; ++turns) await new Promise((resolve) => setImmediate(resolve));
  return turns;
}

for (const worker of [false, true]) {
  describe(worker ? 'in a worker' : 'in place', () => {
    for (const [name, progressToWaitFor] of [
      ['at the start', 0],
      ['midway', 0.3],
    ]) {
      test(`while 65,536 tokens are read, ${name}`, async (t) => {
        const classifier = await loadTiny({ worker });
        const expected = await classifier.classify('w7 w8');
        const controller = new AbortController();
        const reached = withResolvers();
        const call = classifier.classify(text, {
          signal: controller.signal,
          onProgress: ({ fraction }) => fraction >= progressToWaitFor && reached.resolve(),
        });
        if (progressToWaitFor > 0) await reached.promise;
        else await new Promise((resolve) => setImmediate(resolve));
        const began = performance.now();
        controller.abort();
        assert.ok((await turnsUntilSettled(call)) <= 3);
        t.diagnostic(`settled after ${(performance.now() - began).toFixed(1)} ms`);
        await assert.rejects(call, { name: 'AbortError' });
        assert.deepEqual(await classifier.classify('w7 w8'), expected);
        await classifier.close();
      });
    }

    test('by a timer, so timers get their turn between steps', async () => {
      const classifier = await loadTiny({ worker });
      await assert.rejects(classifier.classify(text, { signal: AbortSignal.timeout(20) }), { name: 'TimeoutError' });
      await classifier.close();
    });

    test('in the middle of many texts', async () => {
      const classifier = await loadTiny({ worker });
      const reason = new Error('enough');
      const controller = new AbortController();
      const reached = withResolvers();
      const call = classifier.classify(Array(2_000).fill(words(60)), {
        signal: controller.signal,
        onProgress: ({ fraction }) => fraction > 0.2 && reached.resolve(),
      });
      await reached.promise;
      controller.abort(reason);
      assert.ok((await turnsUntilSettled(call)) <= 3);
      await assert.rejects(call, (error) => error === reason);
      assert.equal((await classifier.classify(['w7', 'w8'])).length, 2);
      await classifier.close();
    });

    test('an attention call', async () => {
      const classifier = await loadTiny({ worker });
      const controller = new AbortController();
      const onProgress = () => controller.abort();
      const call = classifier.attention(text, { layer: 0, head: 0, signal: controller.signal, onProgress });
      await assert.rejects(call, { name: 'AbortError' });
      assert.equal((await classifier.attention('w7', { layer: 0, head: 0 })).tokens.length, 3);
      await classifier.close();
    });

    test('before the call', async () => {
      const classifier = await loadTiny({ worker });
      await assert.rejects(classifier.classify('w7', { signal: AbortSignal.abort() }), { name: 'AbortError' });
      await assert.rejects(load({ worker, signal: AbortSignal.abort() }), { name: 'AbortError' });
      await classifier.close();
    });

    test('one of two calls leaves the other alone', async () => {
      const classifier = await loadTiny({ worker });
      const controller = new AbortController();
      const other = classifier.classify(words(5_000));
      const call = classifier.classify(text, { signal: controller.signal });
      setTimeout(() => controller.abort(), 10);
      await assert.rejects(call, { name: 'AbortError' });
      assert.equal((await other).tokens, 5_002);
      await classifier.close();
    });

    test('what onProgress throws ends the call', async () => {
      const classifier = await loadTiny({ worker });
      const mistake = new Error('a mistake in onProgress');
      const onProgress = () => {
        throw mistake;
      };
      await assert.rejects(classifier.classify(text, { onProgress }), (error) => error === mistake);
      assert.equal((await classifier.classify('w7')).tokens, 3);
      await classifier.close();
    });

    test('while a file is downloaded from a server that stalls', async () => {
      const { base, close } = await listen((_request, response) => {
        response.writeHead(200, { 'content-length': 1_000_000 });
        response.write('x'.repeat(1_000));
      });
      const controller = new AbortController();
      const { signal } = controller;
      const reached = withResolvers();
      const call = load({ worker, model: `${base}/model/`, signal, onProgress: reached.resolve });
      await reached.promise;
      controller.abort();
      assert.ok((await turnsUntilSettled(call)) <= 3);
      await assert.rejects(call, { name: 'AbortError' });
      await close();
      const classifier = await load({ worker, model: modelOfIds('tiny-model') });
      assert.equal((await classifier.classify('w7')).tokens, 3);
      await classifier.close();
    });
  });
}
