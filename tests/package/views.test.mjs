// Attention seen otherwise: in bins, of all heads at once, with other landmarks, beside exact rows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load, modelOfIds, readJson, textOfIds, tolerance } from './support.mjs';

const views = readJson('golden/tiny_views.json');
const { ids } = readJson('golden/tiny_lengths.json');

let classifier;
before(async () => {
  classifier = await load({ model: modelOfIds(views.model) });
});
after(() => classifier.close());

const at = ({ columns, data }, i, j) => data[i * columns + j];
const tokensOf = ({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i);
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** To 1e-4, or 1e-4 of the largest entry: those of an inverse are hundreds. */
function assertMatrix(actual, rows, columns, expected) {
  assert.deepEqual([actual.rows, actual.columns, actual.data.length], [rows, columns, rows * columns]);
  const allowed = tolerance * actual.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  for (let i = 0; i < rows; ++i) {
    for (let j = 0; j < columns; ++j) {
      const distance = Math.abs(at(actual, i, j) - expected(i, j));
      assert.ok(distance <= allowed, `row ${i}, column ${j}: ${at(actual, i, j)} instead of ${expected(i, j)}`);
    }
  }
}

const assertGolden = (actual, { rows, columns, values }) =>
  assertMatrix(actual, rows, columns, (i, j) => values[i * columns + j]);

for (const trace of views.traces) {
  const { n, m, layer, head } = trace;
  test(`${m} landmarks for ${n} tokens, and exact rows, are the twin's`, async () => {
    const text = textOfIds(ids[n - 1]);
    const options = { layer, head, landmarks: m, exactRows: trace.rows };
    const attention = await classifier.attention(text, options);
    assert.equal(attention.exact, false);
    assert.equal(attention.bins, null);
    assert.deepEqual(
      attention.landmarks.map(({ start, end }) => [start, end]),
      trace.landmarks,
    );
    assertGolden(attention.tokenToLandmark, trace.F);
    assertGolden(attention.landmarkToLandmark, trace.A);
    assertGolden(attention.inverse, trace.Z);
    assertGolden(attention.landmarkToToken, trace.B);
    assertGolden(attention.weights, trace.weights);
    assertGolden(attention.exactRows, trace.exactRows);
  });
}

test('exact rows of 512 tokens are a float64 softmax', async () => {
  const { ids: longest, layer, head, rows, exactRows } = views.longest;
  assert.equal(longest.length, 512);
  const attention = await classifier.attention(textOfIds(longest), { layer, head, exactRows: rows });
  assertGolden(attention.exactRows, exactRows);
});

test('as many landmarks as tokens give exact attention', async () => {
  const text = textOfIds(ids[59]);
  const options = { layer: 0, head: 0, landmarks: 60, exactRows: tokensOf({ start: 0, end: 60 }) };
  const { weights, landmarkToToken, exactRows, residual } = await classifier.attention(text, options);
  assert.ok(residual.at(-1) < residual[0]);
  for (let i = 0; i < 60; ++i) {
    assert.ok(Math.abs(sum(Array.from({ length: 60 }, (_, j) => at(exactRows, i, j))) - 1) < tolerance);
    for (let j = 0; j < 60; ++j) {
      const product = sum(Array.from({ length: 60 }, (_, k) => at(weights, i, k) * at(landmarkToToken, k, j)));
      assert.ok(Math.abs(product - at(exactRows, i, j)) < 1e-3, `row ${i}, column ${j}`);
    }
  }
});

for (const n of [7, 150, 300]) {
  test(`all heads in bins of ${n} tokens`, async () => {
    const text = textOfIds(ids[n - 1]);
    const { layers, heads } = await classifier.info();
    const all = await classifier.attention(text, { layer: 'all', head: 'all', bins: 6 });
    assert.deepEqual(
      all.map(({ layer, head }) => [layer, head]),
      Array.from({ length: layers * heads }, (_, i) => [Math.floor(i / heads), i % heads]),
    );
    for (const binned of all) {
      const whole = await classifier.attention(text, { layer: binned.layer, head: binned.head });
      const mean = (bin, value) => sum(tokensOf(binned.bins[bin]).map(value)) / tokensOf(binned.bins[bin]).length;
      assert.deepEqual(binned.inverse, whole.inverse);
      assert.deepEqual(binned.tokens, whole.tokens);
      if (n === 7) {
        assertMatrix(binned.weights, 6, 6, (i, j) =>
          mean(i, (row) => sum(tokensOf(binned.bins[j]).map((column) => at(whole.weights, row, column)))),
        );
        continue;
      }
      const m = whole.landmarks.length;
      assertMatrix(binned.tokenToLandmark, 6, m, (i, j) => mean(i, (row) => at(whole.tokenToLandmark, row, j)));
      assertMatrix(binned.weights, 6, m, (i, j) => mean(i, (row) => at(whole.weights, row, j)));
      assertMatrix(binned.landmarkToToken, m, 6, (i, j) =>
        sum(tokensOf(binned.bins[j]).map((column) => at(whole.landmarkToToken, i, column))),
      );
    }
  });
}

test("one layer's heads, and one head of all layers", async () => {
  const text = textOfIds(ids[40]);
  const names = (traces) => traces.map(({ layer, head }) => `${layer}.${head}`);
  assert.deepEqual(names(await classifier.attention(text, { layer: 1, head: 'all', bins: 3 })), ['1.0', '1.1']);
  assert.deepEqual(names(await classifier.attention(text, { layer: 'all', head: 1, bins: 3 })), ['0.1', '1.1']);
});

test('what cannot be asked for is named', async () => {
  const refused = (options, ...words) =>
    assert.rejects(classifier.attention('w5 w6 w7', options), ({ code, message }) => {
      assert.equal(code, 'INPUT_INVALID');
      for (const word of words) assert.match(message, word);
      return true;
    });
  await refused({ layer: 'all', head: 0 }, /options\.bins/, /1 to 4096/);
  await refused({ layer: 'any', head: 0, bins: 4 }, /options\.layer/);
  await refused({ layer: 0, head: 2 }, /options\.head/, /0 to 1/);
  await refused({ layer: 0, head: 0, bins: 1.5 }, /options\.bins/);
  await refused({ layer: 'all', head: 'all' }, /options\.bins must be .*, not undefined/);
  await refused({ layer: 0, head: 0, landmarks: 513 }, /options\.landmarks/, /512/);
  await refused({ layer: 0, head: 0, landmarks: 6 }, /landmarks/, /5 tokens/);
  await refused({ layer: 0, head: 'all', bins: 2, landmarks: 3 }, /options\.landmarks/);
  await refused({ layer: 0, head: 0, exactRows: [1, 5] }, /5/, /5 tokens/);
  await refused({ layer: 0, head: 0, exactRows: [-1] }, /options\.exactRows\[0\]/);
  await refused({ layer: 0, head: 0, exactRows: 3 }, /options\.exactRows/);
  await refused({ layer: 0, head: 0, exactRows: Array(65).fill(0) }, /exactRows/, /64/);
});
