// What must not wear out: models that come and go, many texts, aborts at any moment.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import process from 'node:process';
import { describe, test } from 'node:test';
import { loadTiny, words } from './support.mjs';

const threads = () => readdirSync('/proc/self/task').length;
const megabytes = () => process.memoryUsage().rss / 1e6;

/** Repeatable draws from [0, 1). */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

for (const worker of [false, true]) {
  describe(worker ? 'in a worker' : 'in place', () => {
    test('200 times loaded, used and closed: no thread and no memory is kept', async () => {
      const marks = [];
      for (let i = 1; i <= 200; i++) {
        const classifier = await loadTiny({ worker });
        assert.equal((await classifier.classify('w7')).tokens, 3);
        await classifier.close();
        if (i % 50 === 0) marks.push({ threads: threads(), megabytes: megabytes() });
      }
      const [, early, , late] = marks;
      // A worker that was just ended may still be on its way out.
      assert.ok(late.threads <= early.threads + 1, JSON.stringify(marks));
      assert.ok(late.megabytes < 1.2 * early.megabytes, JSON.stringify(marks));
    });

    test('2,000 different texts: memory stays as it is', async () => {
      const classifier = await loadTiny({ worker });
      const draw = random(1);
      const sizes = [];
      const marks = [];
      for (let i = 1; i <= 2000; i++) {
        await classifier.classify(words(1 + Math.floor(300 * draw())));
        if (i % 500 !== 0) continue;
        sizes.push((await classifier.info()).memory);
        marks.push(megabytes());
      }
      assert.deepEqual(new Set(sizes).size, 1, sizes.join(' '));
      assert.ok(marks[3] < 1.2 * marks[1], marks.join(' '));
      await classifier.close();
    });

    test('500 aborts at any moment: every call settles, and the next one is right', async () => {
      const classifier = await loadTiny({ worker });
      const { logit } = await classifier.classify(words(40));
      const draw = random(2);
      let aborted = 0;
      let latest = 12; // milliseconds: as much as the machine takes, which the loop finds out
      for (let i = 0; i < 500; i++) {
        const controller = new AbortController();
        const { signal } = controller;
        const calls = [classifier.classify(words(2000), { signal }), classifier.explain(words(900), { signal })];
        setTimeout(() => controller.abort(), latest * draw());
        const ended = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected');
        for (const { reason } of ended) assert.equal(reason.name, 'AbortError');
        aborted += ended.length;
        latest *= ended.length > 0 ? 1.1 : 0.8;
        if (i % 50 === 0) assert.equal((await classifier.classify(words(40))).logit, logit);
      }
      assert.ok(aborted > 100, `${aborted} were aborted`);
      assert.equal((await classifier.classify(words(40))).logit, logit);
      await classifier.close();
    });
  });
}
