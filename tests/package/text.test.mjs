// What texts may hold, and what comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { load, loadTiny, readModel, words } from './support.mjs';

let classifier;
before(async () => {
  classifier = await load({ model: readModel('tiny-model') });
});
after(() => classifier.close());

test('a result is whole and consistent', async () => {
  const result = await classifier.classify('A warm, funny and beautifully shot film.');
  const { label, score, scores, logit } = result;
  assert.deepEqual(Object.keys(scores), ['negative', 'positive']);
  assert.equal(label, logit > 0 ? 'positive' : 'negative');
  assert.equal(score, scores[label]);
  assert.ok(Math.abs(scores.positive - 1 / (1 + Math.exp(-logit))) < 1e-12);
  assert.ok(Math.abs(scores.positive + scores.negative - 1) < 1e-12);
  assert.equal(result.truncated, false);
  assert.equal(result.empty, false);
});

for (const text of ['', '  \n ', '\u0000\u200d', ' ']) {
  test(`${JSON.stringify(text)} is empty and has no label`, async () => {
    const result = await classifier.classify(text);
    assert.deepEqual(result, {
      label: null,
      score: 0.5,
      scores: { negative: 0.5, positive: 0.5 },
      logit: 0,
      tokens: 2,
      unknownTokens: 0,
      truncated: false,
      empty: true,
    });
    const attention = await classifier.attention(text, { layer: 0, head: 0 });
    assert.deepEqual(
      attention.tokens.map((token) => token.text),
      ['[CLS]', '[SEP]'],
    );
  });
}

for (const text of ['constructor', '__proto__', 'toString', 'hello 👋 world 🌍', 'नमस्ते مرحبا 你好 한국어 Việt']) {
  test(`"${text}" gives an ordinary result`, async () => {
    const result = await classifier.classify(text);
    assert.ok(Number.isFinite(result.logit) && result.score >= 0.5 && result.score <= 1);
    assert.ok(['negative', 'positive'].includes(result.label));
  });
}

test('labels may be called anything', async () => {
  const files = readModel('tiny-model');
  const config = JSON.parse(new TextDecoder().decode(files.config));
  config.id2label = { 0: '__proto__', 1: 'constructor' };
  const odd = await load({ model: { ...files, config: new TextEncoder().encode(JSON.stringify(config)) } });
  const { label, score, scores } = await odd.classify('I am happy.');
  assert.deepEqual(Object.keys(scores), ['__proto__', 'constructor']);
  assert.equal(Object.getOwnPropertyDescriptor(scores, label).value, score);
  await odd.close();
});

test('a lone surrogate is read as U+FFFD, which BERT’s normaliser deletes', async () => {
  assert.deepEqual(await classifier.classify('\ud800a'), await classifier.classify('a'));
  const { tokens } = await classifier.attention('\ud800a', { layer: 0, head: 0 });
  assert.deepEqual(tokens[1], { text: 'a', start: 1, end: 2, special: false });
});

test('offsets are UTF-16 units, and spans slice the text', async () => {
  const text = 'Some text yeah 🚀 rocket';
  const { tokens } = await classifier.attention(text, { layer: 0, head: 0 });
  for (const { text: part, start, end, special } of tokens) assert.equal(special ? '' : part, text.slice(start, end));
  const rocket = tokens.filter(({ start }) => start >= 18);
  assert.equal(rocket.map((token) => token.text).join(''), 'rocket');
  assert.equal(rocket.at(-1).end, 24);
});

test('long texts are read whole, and beyond maxTokens cut', async () => {
  const short = await loadTiny({ maxTokens: 4_096 });
  const whole = await short.classify(words(4_094));
  assert.deepEqual([whole.tokens, whole.truncated], [4_096, false]);
  const cut = await short.classify(words(4_095));
  assert.deepEqual([cut.tokens, cut.truncated], [4_096, true]);
  assert.equal(cut.logit, whole.logit);
  await short.close();
});

test('16,384 and 65,536 tokens are read whole', async () => {
  const long = await loadTiny();
  const shorter = await long.classify(words(16_382));
  assert.deepEqual([shorter.tokens, shorter.truncated], [16_384, false]);
  const result = await long.classify(words(65_534));
  assert.deepEqual([result.tokens, result.truncated], [65_536, false]);
  const attention = await long.attention(words(65_534), { layer: 1, head: 1 });
  assert.deepEqual([attention.tokenToLandmark.rows, attention.tokenToLandmark.columns], [65_536, 8]);
  await long.close();
});

test('650 kB of words and 100 kB without a space are answered', async () => {
  for (const text of ['Hello world! '.repeat(50_000), 'x'.repeat(100_000)]) {
    assert.ok(Number.isFinite((await classifier.classify(text)).logit));
  }
});
