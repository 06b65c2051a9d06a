// Any number of texts through a pool of workers: order, back-pressure, and every way to end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { loadTiny, withResolvers, words } from './support.mjs';

const texts = Array.from({ length: 600 }, (_, i) =>
  i % 50 === 0 ? words(3_000 + i) : `w${5 + (i % 400)} w${6 + (i % 7)}`,
);

async function collect(iteration) {
  const results = [];
  for await (const result of iteration) results.push(result);
  return results;
}

function* endless(state) {
  try {
    for (state.read = 0; ; ++state.read) yield `w${5 + (state.read % 400)}`;
  } finally {
    state.ended = true;
  }
}

for (const [name, options, many] of [
  ['in place', { worker: false }, {}],
  ['one worker', {}, { workers: 1 }],
  ['three workers', { worker: true }, { workers: 3 }],
]) {
  describe(name, () => {
    let classifier;
    let expected;
    before(async () => {
      classifier = await loadTiny(options);
      expected = await classifier.classify(texts);
    });
    after(() => classifier.close());

    test('results come in the order of the texts, whatever the source', async () => {
      assert.deepEqual(await collect(classifier.classifyMany(texts, many)), expected);
      const slow = async function* () {
        for (const text of texts) {
          if (text.length > 100) await new Promise((resolve) => setImmediate(resolve));
          yield text;
        }
      };
      assert.deepEqual(await collect(classifier.classifyMany(slow(), many)), expected);
      assert.deepEqual(await collect(classifier.classifyMany([], many)), []);
    });

    test('a result does not wait for the next text', async () => {
      const taken = withResolvers();
      const source = async function* () {
        yield texts[1];
        await taken.promise;
        yield texts[2];
      };
      const results = [];
      for await (const result of classifier.classifyMany(source(), many)) {
        results.push(result);
        taken.resolve();
      }
      assert.deepEqual(results, expected.slice(1, 3));
    });

    test('the source is read no further ahead than memory is meant for, and is told to end', async () => {
      const state = {};
      let taken = 0;
      for await (const { tokens } of classifier.classifyMany(endless(state), many)) {
        assert.equal(tokens, 3);
        assert.ok(state.read - taken <= 256 * (many.workers ?? 1), `${state.read} texts read, ${taken} results taken`);
        if (++taken === 3_000) break;
      }
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(state.ended, true);
    });

    test('an abort ends it with its reason, and the next one works', async () => {
      const state = {};
      const controller = new AbortController();
      const iteration = classifier.classifyMany(endless(state), { ...many, signal: controller.signal });
      await iteration.next();
      controller.abort();
      await assert.rejects(collect(iteration), { name: 'AbortError' });
      assert.equal(state.ended, true);
      assert.deepEqual(await collect(classifier.classifyMany(texts.slice(1, 9), many)), expected.slice(1, 9));
      await assert.rejects(collect(classifier.classifyMany(texts, { ...many, signal: AbortSignal.abort() })), {
        name: 'AbortError',
      });
    });

    test("the source's own error ends it, after the results of what came before", async () => {
      const source = async function* () {
        yield* texts;
        throw new RangeError('no more');
      };
      const results = [];
      const reading = async () => {
        for await (const result of classifier.classifyMany(source(), many)) results.push(result);
      };
      await assert.rejects(reading(), new RangeError('no more'));
      assert.deepEqual(results, expected);
      await assert.rejects(collect(classifier.classifyMany(['w7', 'w8', 9], many)), {
        code: 'INPUT_INVALID',
        message: 'texts[2] must be a string, not 9 (a number)',
      });
    });

    test('closing ends it', async () => {
      const closed = await loadTiny(options);
      const iteration = closed.classifyMany(endless({}), many);
      await iteration.next();
      await closed.close();
      await assert.rejects(collect(iteration), { code: 'CLOSED' });
      await assert.rejects(collect(closed.classifyMany(texts, many)), { code: 'CLOSED' });
    });
  });
}

const workers = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length;

async function untilOnly(number) {
  for (let turns = 0; workers() > number; ++turns) {
    assert.ok(turns < 1e6, `${workers()} workers and ports, ${number} before`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('its workers end with it, or with the classifier though nobody asks for the next result', async () => {
  const classifier = await loadTiny();
  const before = workers();
  const iteration = classifier.classifyMany(endless({}), { workers: 3 });
  await iteration.next();
  assert.ok(workers() > before);
  await iteration.return();
  await untilOnly(before);
  const left = classifier.classifyMany(endless({}), { workers: 3 });
  await left.next();
  assert.ok(workers() > before);
  await classifier.close();
  await untilOnly(before);
});

test('starts no more workers than there are batches for', async (t) => {
  const classifier = await loadTiny();
  let started = 0;
  const count = () => ++started;
  process.on('worker', count);
  t.after(() => process.off('worker', count));
  const startedFor = async (given) => {
    started = 0;
    await collect(classifier.classifyMany(given, { workers: 3 }));
    return started;
  };
  const few = texts.slice(1, 31);
  assert.equal(await startedFor(few), 1);
  assert.equal(await startedFor([words(50_000), ...few]), 2);
  assert.equal(await startedFor(texts), 3);
  await classifier.close();
});

test('what is not meant is refused at once', async () => {
  const classifier = await loadTiny();
  for (const [args, message] of [
    [['a text'], /^texts must be an iterable or async iterable of strings/],
    [[null], /^texts must be an iterable/],
    [[[], { workers: 0 }], /^options.workers must be a whole number from 1 to 64, not 0/],
    [[[], 7], /^options must be an object/],
  ]) {
    assert.throws(() => classifier.classifyMany(...args), { code: 'INPUT_INVALID', message });
  }
  await classifier.close();
});
