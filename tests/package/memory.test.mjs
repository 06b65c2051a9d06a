// Memory that does not suffice, memory that grows, memory that is given back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { NystromformerError } from 'nystromformer';
import { load, loadTiny, modelOfIds, modules, words } from './support.mjs';

const mebibyte = 1 << 20;
const pageBytes = 65_536;

/** Reads an unsigned LEB128 number: its value and where it ends. */
function readNumber(bytes, start) {
  let value = 0;
  for (let at = start, shift = 0; ; ++at, shift += 7) {
    value += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
}

/** The same number in as many bytes as before. */
function overwriteNumber(bytes, start, end, value) {
  for (let at = start; at < end; ++at, value = Math.floor(value / 128))
    bytes[at] = (value % 128) | (at + 1 < end ? 0x80 : 0);
}

/** The module with a smaller maximum in its memory section (section 5: a count, then flags, initial and maximum pages). */
function withMaximum(url, maximumBytes) {
  const bytes = new Uint8Array(readFileSync(url));
  for (let at = 8; at < bytes.length; ) {
    const [size, content] = readNumber(bytes, at + 1);
    if (bytes[at] === 5) {
      assert.deepEqual([...bytes.subarray(content, content + 2)], [1, 1], 'one memory, with a maximum');
      const [, start] = readNumber(bytes, content + 2);
      const [, end] = readNumber(bytes, start);
      overwriteNumber(bytes, start, end, maximumBytes / pageBytes);
      return bytes;
    }
    at = content + size;
  }
  throw new Error('no memory section');
}

test('a file larger than memory is a typed error', async (context) => {
  const { config, tokenizer } = modelOfIds('tiny-model');
  const answer = (url) =>
    url.endsWith('.safetensors')
      ? new Response('', { headers: { 'content-length': String(2 ** 53) } })
      : new Response(/config/.test(url) ? config : tokenizer);
  context.mock.method(globalThis, 'fetch', async (url) => answer(url));
  await assert.rejects(load({ model: 'https://localhost/model' }), {
    code: 'OUT_OF_MEMORY',
    message: /Use a smaller model$/,
  });
});

for (const { name, wasm } of modules) {
  const [[option, url]] = Object.entries(wasm);
  describe(name, () => {
    for (const worker of [false, true]) {
      test(`out of memory is a typed error and the next call works${worker ? ', in a worker' : ''}`, async () => {
        const classifier = await loadTiny({ worker, wasm: { [option]: withMaximum(url, 32 * mebibyte) } });
        const expected = await classifier.classify('w7 w8');
        for (let round = 0; round < 3; ++round) {
          const tooLong = [
            () => classifier.classify(words(200_000)),
            () => classifier.attention(words(60_000), { layer: 0, head: 0 }),
          ];
          for (const call of tooLong) {
            await assert.rejects(
              call(),
              (error) => error instanceof NystromformerError && error.code === 'OUT_OF_MEMORY',
            );
          }
          assert.deepEqual(await classifier.classify('w7 w8'), expected);
        }
        assert.ok((await classifier.info()).memory <= 32 * mebibyte);
        await classifier.close();
      });
    }

    test('calls that do not fit together are read one after the other', async () => {
      const classifier = await loadTiny({ wasm: { [option]: withMaximum(url, 48 * mebibyte) } });
      const text = words(30_000);
      const expected = await classifier.classify(text);
      const results = await Promise.all(Array.from({ length: 5 }, () => classifier.classify(text)));
      for (const result of results) assert.deepEqual(result, expected);
      await classifier.close();
    });

    test('a model that does not fit is a typed error', async () => {
      const bytes = withMaximum(url, 17 * mebibyte);
      const model = modelOfIds('tiny-model');
      await assert.rejects(
        load({ wasm: { [option]: bytes }, model: { ...model, weights: new Uint8Array(64 * mebibyte) } }),
        {
          code: 'OUT_OF_MEMORY',
        },
      );
    });

    test('results keep their bytes while memory grows', async () => {
      const classifier = await loadTiny({ wasm });
      const attention = await classifier.attention(words(600), { layer: 1, head: 0 });
      const copy = structuredClone(attention);
      const { memory } = await classifier.info();
      await classifier.classify(words(100_000));
      assert.ok((await classifier.info()).memory > memory);
      assert.deepEqual(attention, copy);
      await classifier.close();
    });

    test('memory stays as it is over calls, aborted ones too', async () => {
      const classifier = await loadTiny({ wasm });
      const round = async (i) => {
        await classifier.classify([words(500 + i), words(40)]);
        await classifier.attention(words(300), { layer: 0, head: 1 });
        await classifier.classify(words(900), { signal: AbortSignal.timeout(0) }).catch(() => {});
      };
      for (let i = 0; i < 10; ++i) await round(i);
      const { memory } = await classifier.info();
      for (let i = 0; i < 60; ++i) await round(i % 10);
      assert.equal((await classifier.info()).memory, memory);
      await classifier.close();
    });
  });
}

test('the maximum lets 262,144 tokens through', async () => {
  const classifier = await loadTiny();
  const result = await classifier.classify(words(262_143));
  assert.deepEqual([result.tokens, result.truncated], [262_144, true]);
  await classifier.close();
});
