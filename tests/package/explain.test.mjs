// Evidence, what deleting says of it, and tokens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import {
  assertClose,
  dist,
  fixtures,
  load,
  modelOfIds,
  modules,
  readJson,
  readRecordedTexts,
  textOfIds,
} from './support.mjs';

const evidence = readJson('golden/tiny_evidence.json');
const lengths = readJson('golden/tiny_lengths.json');
const sum = (parts) => parts.reduce((total, part) => total + part.evidence, 0);

/** Everything that an explanation promises of itself. */
function assertWhole(text, { classification, bias, logit, tokens, sentences }) {
  const specials = tokens.filter(({ special }) => special);
  assert.equal(logit, classification.logit);
  assert.equal(tokens.length, classification.tokens);
  assert.equal(specials.length, 2);
  assertClose(bias + sum(tokens), logit, 'bias and tokens');
  assertClose(bias + sum(sentences) + sum(specials), logit, 'bias, sentences and special tokens');
  let end = 0;
  for (const sentence of sentences) {
    assert.equal(sentence.start, end);
    assert.equal(sentence.text, text.slice(sentence.start, sentence.end));
    assert.ok(sentence.text.length > 0 && sentence.text.length <= 512);
    end = sentence.end;
  }
}

for (const { name: module, wasm } of modules) {
  test(`${module}: every token's evidence is the twin's`, async () => {
    for (const { model, n, bias, evidence: expected } of evidence.texts) {
      const classifier = await load({ model: modelOfIds(model), wasm });
      const text = textOfIds(lengths.ids[n - 1]);
      const explanation = await classifier.explain(text);
      assertWhole(text, explanation);
      assertClose(explanation.bias, bias, 'bias');
      for (const [index, token] of explanation.tokens.entries())
        assertClose(token.evidence, expected[index], `${model}, n = ${n}, token ${index}`);
      await classifier.close();
    }
  });
}

test('1,000 texts of 1 to 8,192 words: evidence adds up to the logit', async () => {
  const classifier = await load({ model: modelOfIds('tiny-model-half') });
  for (let i = 0; i < 1000; ++i) {
    const ids = Array.from({ length: Math.round(8192 ** (i / 999)) }, (_, k) => 5 + ((k * 7919 + i * 104_729) % 500));
    const text = ids.map((id) => `w${id}`).join(' ');
    assertWhole(text, await classifier.explain(text));
  }
  await classifier.close();
});

describe('the shipped model', () => {
  let classifier;
  before(async () => {
    classifier = await load();
  });
  after(() => classifier.close());

  test('explains every kind of text, as it classifies it', async () => {
    const texts = [...readRecordedTexts(), 'no full stop '.repeat(400), 'x'.repeat(3000), '🚀'.repeat(700), '日本語。'];
    for (const text of texts) {
      const explanation = await classifier.explain(text);
      assertWhole(text, explanation);
      assert.deepEqual(explanation.classification, await classifier.classify(text));
    }
  });

  test('has one bias for all texts', async () => {
    const [one, other] = await Promise.all([
      classifier.explain('Good.'),
      classifier.explain('A long way. '.repeat(90)),
    ]);
    assert.equal(one.bias, other.bias);
  });

  test('reports progress, in a worker too', async () => {
    const inWorker = await load({ worker: true });
    const text = readFileSync(new URL('texts/long/positive-novel.txt', fixtures), 'utf8');
    const fractions = [];
    const explanation = await inWorker.explain(text, { onProgress: ({ fraction }) => fractions.push(fraction) });
    assert.deepEqual(explanation, await classifier.explain(text));
    assert.ok(fractions.length > 2 && fractions.at(-1) === 1);
    await inWorker.close();
  });

  test('an empty text has nothing to explain', async () => {
    const { classification, bias, tokens, sentences } = await classifier.explain('  ');
    assert.equal(classification.label, null);
    assert.deepEqual(sentences, []);
    assertClose(bias + sum(tokens), 0, 'bias and tokens');
  });

  test('what was cut off has no evidence', async () => {
    const short = await load({ maxTokens: 12 });
    const text = 'The first sentence is read. The second one is cut off somewhere. The third one is not.';
    const { classification, sentences, tokens } = await short.explain(text);
    assert.equal(classification.truncated, true);
    assert.equal(sentences.length, 2);
    assert.equal(sentences.at(-1).end, tokens.at(-2).end);
    await short.close();
  });

  test('occlude reads the text without each span', async () => {
    const text = 'The plot is thin. The music is wonderful! I left early.';
    const { sentences } = await classifier.explain(text);
    const rest = sentences.map(({ start, end }) => text.slice(0, start) + text.slice(end));
    assert.deepEqual(await classifier.occlude(text, sentences), await classifier.classify(rest));
    assert.deepEqual(await classifier.occlude(text, []), []);
    const [whole, nothing] = await classifier.occlude(text, [
      { start: 4, end: 4 },
      { start: 0, end: text.length },
    ]);
    assert.deepEqual(whole, await classifier.classify(text));
    assert.equal(nothing.empty, true);
  });

  test('tokenize gives what classify reads', async () => {
    const text = 'Some text yeah 🚀 rocket';
    const { ids, tokens, unknownTokens, truncated } = await classifier.tokenize(text);
    assert.equal(ids.length, tokens.length);
    assert.equal(tokens.length, (await classifier.classify(text)).tokens);
    const rocket = tokens.filter(({ start }) => start >= 18);
    assert.deepEqual([rocket[0].start, rocket.at(-1).end, truncated], [18, 24, false]);
    assert.equal(unknownTokens, tokens.filter((_, index) => ids[index] === 1).length);
    const { tokens: traced } = await classifier.attention(text, { layer: 0, head: 0 });
    assert.deepEqual(tokens, traced);
  });

  test('tokenize gives the ids and offsets of the Python library', async () => {
    const cases = readFileSync(new URL('tokenizer/shipped/cases.jsonl', fixtures), 'utf8').trim().split('\n');
    assert.ok(cases.length > 5000);
    for (const line of cases) {
      const { text, ids, spans } = JSON.parse(line);
      const read = await classifier.tokenize(text);
      assert.deepEqual([...read.ids], ids, text);
      assert.deepEqual(
        read.tokens.flatMap(({ start, end }) => [start, end]),
        spans,
        text,
      );
      for (const { special, start, end, text: part } of read.tokens) {
        if (!special) assert.equal(part, text.slice(start, end));
      }
    }
  });

  test('wrong arguments are named', async () => {
    const refused = (call, words) =>
      assert.rejects(call, ({ code, message }) => {
        assert.equal(code, 'INPUT_INVALID');
        for (const word of words) assert.match(message, word);
        return true;
      });
    await refused(classifier.explain(7), [/text/, /7/]);
    await refused(classifier.tokenize(null), [/text/, /null/]);
    await refused(classifier.occlude('abc', 'abc'), [/spans/]);
    await refused(classifier.occlude('abc', [null]), [/spans\[0\]/, /null/]);
    await refused(
      classifier.occlude('abc', [
        { start: 0, end: 1 },
        { start: 0, end: 4 },
      ]),
      [/spans\[1\]\.end/, /0 to 3/],
    );
    await refused(classifier.occlude('abc', [{ start: 2, end: 1 }]), [/spans\[0\]\.end/, /2 to 3/]);
  });
});

test('a build without Intl.Segmenter cuts pieces of bounded length', async () => {
  const { Segmenter } = Intl;
  delete Intl.Segmenter;
  try {
    const classifier = await load({ model: new URL('model/', dist) });
    const text = 'word '.repeat(500);
    const explanation = await classifier.explain(text);
    assertWhole(text, explanation);
    assert.ok(explanation.sentences.length >= 5);
    await classifier.close();
  } finally {
    Intl.Segmenter = Segmenter;
  }
});
