// The package against an independent float64 implementation, in both modules.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  assertClose,
  load,
  modelOfIds,
  modules,
  readJson,
  readModel,
  readRecordedTexts,
  recordedModels,
  textOfIds,
  tolerance,
} from './support.mjs';

function assertAllClose(actual, expected, what) {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < expected.length; ++i) assertClose(actual[i], expected[i], `${what}[${i}]`);
}

function assertMatrix(actual, expected, what) {
  assert.deepEqual([actual.rows, actual.columns], [expected.rows, expected.columns], what);
  assert.ok(actual.data instanceof Float32Array);
  assertAllClose(actual.data, expected.values, what);
}

const lengths = readJson('golden/tiny_lengths.json');
const traces = readJson('golden/tiny_traces.json');
const texts = readJson('golden/tiny_texts.json');

for (const { name: module, wasm } of modules) {
  describe(module, () => {
    for (const { model, exact_up_to, values, ...allowed } of lengths.logits) {
      test(`${model}, exact up to ${exact_up_to}: logits of every length`, async () => {
        const classifier = await load({ model: modelOfIds(model, { exact_up_to }), wasm });
        assert.equal((await classifier.info()).module, module);
        const ids = lengths.ids.slice(2); // below are [CLS] and [SEP] alone, an empty text
        const results = await classifier.classify(ids.map(textOfIds));
        for (const [index, { tokens, logit }] of results.entries()) {
          assert.equal(tokens, ids[index].length);
          assertClose(logit, values[index + 2], `n = ${tokens}`, allowed.tolerance);
        }
        const close = results.filter(({ logit }, index) => Math.abs(logit - values[index + 2]) <= tolerance);
        assert.ok(close.length >= allowed.close * results.length, `${close.length} of ${results.length} are close`);
        await classifier.close();
      });
    }

    test('texts through the model’s own tokenizer', async () => {
      for (const [model, allowed] of Object.entries(texts.tolerance)) {
        const classifier = await load({ model: readModel(model), wasm });
        for (const { text, empty, tokens, unknown, logit } of texts.texts) {
          const result = await classifier.classify(text);
          assert.deepEqual([result.empty, result.tokens, result.unknownTokens], [empty, tokens, unknown], text);
          assertClose(result.logit, empty ? 0 : logit[model], text, allowed);
        }
        await classifier.close();
      }
    });

    test('every logit is what every other build says, to the last bit', async () => {
      const recorded = readJson('golden/recorded_logits.json');
      for (const [name, folder] of Object.entries(recordedModels)) {
        const classifier = await load({ model: fileURLToPath(folder), wasm });
        const results = await classifier.classify(readRecordedTexts());
        assert.deepEqual(
          results.map(({ logit }) => logit),
          recorded[name],
          name,
        );
        await classifier.close();
      }
    });

    test('the matrices of every head', async () => {
      const classifier = await load({ model: modelOfIds(traces.model), wasm });
      for (const trace of traces.traces) {
        const { layer, head, n, exact } = trace;
        const ids = lengths.ids[n - 1];
        const attention = await classifier.attention(textOfIds(ids), { layer, head });
        const what = `layer ${layer}, head ${head}, n = ${n}`;
        assert.deepEqual([attention.layer, attention.head, attention.exact], [layer, head, exact], what);
        assert.equal(attention.tokens.length, n);
        assertMatrix(attention.weights, trace.weights, `${what}, weights`);
        assertAllClose(attention.localShare, trace.localShare, `${what}, local share`);
        if (exact) continue;
        const spans = attention.landmarks.map(({ start, end }) => [start, end]);
        assert.deepEqual(spans, trace.landmarks, what);
        assertMatrix(attention.tokenToLandmark, trace.F, `${what}, F`);
        assertMatrix(attention.landmarkToLandmark, trace.A, `${what}, A`);
        assertMatrix(attention.inverse, trace.Z, `${what}, Z`);
        assertMatrix(attention.landmarkToToken, trace.B, `${what}, B`);
        assertAllClose(attention.residual, trace.residual, `${what}, residual`);
      }
      await classifier.close();
    });
  });
}
