// Whether evidence holds: what becomes of the logit when the parts it names are deleted.
import { percent, proportion, shuffled } from './statistics.mjs';

const leastSentences = 10;
const deletedShare = 0.2;
const randomSets = 12;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sum = (parts) => parts.reduce((total, { evidence }) => total + evidence, 0);

function correlation(x, y) {
  const [mx, my] = [mean(x), mean(y)];
  const products = (a, b, ma, mb) => a.reduce((total, value, i) => total + (value - ma) * (b[i] - mb), 0);
  return products(x, y, mx, my) / Math.sqrt(products(x, x, mx, mx) * products(y, y, my, my));
}

/** The text without some ranges, which are in order and apart. */
function without(text, ranges) {
  let rest = '';
  let end = 0;
  for (const range of ranges) {
    rest += text.slice(end, range.start);
    end = range.end;
  }
  return rest + text.slice(end);
}

/** The first parts of an order until they have a share of the tokens, as they stand in the text. */
function upTo(order, share, total) {
  const chosen = [];
  for (let tokens = 0; tokens < share * total && chosen.length < order.length; ) {
    const part = order[chosen.length];
    chosen.push(part);
    tokens += part.tokens;
  }
  return chosen.sort((a, b) => a.start - b.start);
}

/** Runs of 1 to 8 tokens, end to end. */
function runs(tokens, random) {
  const result = [];
  const size = 1 + Math.floor(random() * 8);
  for (let i = 0; i < tokens.length; i += size) {
    const run = tokens.slice(i, i + size);
    result.push({ start: run[0].start, end: run.at(-1).end, evidence: sum(run), tokens: run.length });
  }
  return result;
}

/** As many neighbouring tokens as a part has, anywhere in the text. */
function runLike(part, tokens, random) {
  const first = Math.floor(random() * (tokens.length - part.tokens + 1));
  const run = tokens.slice(first, first + part.tokens);
  return { start: run[0].start, end: run.at(-1).end, evidence: sum(run) };
}

/** The parts that come first by a key, largest first, as they stand in the text. */
const foremost = (parts, key, share, total) =>
  upTo(
    [...parts].sort((a, b) => key(b) - key(a)),
    share,
    total,
  );

/** Sets of sentences and of runs of words in turn, 5 to 40 % of the text each. */
const drawnSets = (sentences, words, random) =>
  Array.from({ length: randomSets }, (_, i) => {
    const units = i % 2 === 0 ? sentences : runs(words, random);
    return upTo(shuffled(units, random), 0.05 + 0.35 * random(), words.length);
  });

/** Of one review: falls of its own verdict's logit. */
async function measure(classifier, text, { logit, tokens, sentences }, random) {
  const side = Math.sign(logit);
  const words = tokens.filter(({ special }) => !special);
  const parts = sentences.filter((part) => part.tokens > 0);
  const fallen = async (sets) =>
    (await classifier.classify(sets.map((set) => without(text, set)))).map((rest) => side * (logit - rest.logit));
  const agreement = (chosen, falls) =>
    chosen.map(({ evidence }, i) => Math.sign(falls[i]) === Math.sign(side * evidence));

  const alone = await fallen(parts.map((part) => [part]));
  const fallAlone = new Map(parts.map((part, i) => [part, alone[i]]));
  const said = (part) => (side * part.evidence) / part.tokens;
  const lost = (part) => fallAlone.get(part) / part.tokens;
  const [top, bottom, best] = await fallen(
    [said, (part) => -said(part), lost].map((key) => foremost(parts, key, deletedShare, words.length)),
  );

  const sets = drawnSets(parts, words, random);
  const predicted = sets.map((set) => side * sum(set));

  const strongest = [...parts]
    .sort((a, b) => Math.abs(b.evidence) - Math.abs(a.evidence))
    .slice(0, Math.ceil(parts.length / 5));
  const anywhere = strongest.map((part) => runLike(part, words, random));
  return {
    top,
    bottom,
    best,
    correlation: correlation(predicted, await fallen(sets)),
    agreeing: agreement(
      strongest,
      strongest.map((part) => fallAlone.get(part)),
    ),
    byChance: agreement(anywhere, await fallen(anywhere.map((part) => [part]))),
  };
}

/** Lines on reviews of ten sentences or more. */
export async function evidence(classifier, rows, random) {
  const measured = [];
  for (const { text } of rows) {
    const explanation = await classifier.explain(text);
    if (explanation.sentences.length < leastSentences) continue;
    measured.push(await measure(classifier, text, explanation, random));
  }
  const [top, bottom, best, within] = ['top', 'bottom', 'best', 'correlation'].map((name) =>
    mean(measured.map((one) => one[name])),
  );
  const agreed = (name) => {
    const all = measured.flatMap((one) => one[name]);
    return proportion(all.filter(Boolean).length, all.length);
  };
  return [
    `${measured.length} reviews, ${percent(deletedShare)} of the tokens deleted by sentences: the logit falls by`,
    `  ${top.toFixed(2)} by most evidence, ${bottom.toFixed(2)} by least, ${best.toFixed(2)} by what each alone costs (${(top / best).toFixed(2)} of it)`,
    `correlation of evidence and fall over ${randomSets} random sets of a review: ${within.toFixed(2)}`,
    `a sentence of the top fifth moves the logit as its evidence says: ${agreed('agreeing')}`,
    `  a run of as many tokens anywhere: ${agreed('byChance')}`,
  ];
}
