// Before anything is timed: both sides compute the same network, and rounding to integers changes little in either.
import { load } from 'nystromformer';
import { table } from '../measure.mjs';
import { loadOurs, modules } from '../ours.mjs';
import { config } from '../shipped.mjs';
import { opinions } from '../texts.mjs';
import { logits } from '../theirs.mjs';

const texts = opinions(200, 120);
const mostBetweenFloats = 1e-3;
const mostOfRounding = 0.2;
const clear = 0.5;

const largest = (values) => values.reduce((most, value) => Math.max(most, value), 0);
const apart = (one, other) => largest(one.map((logit, i) => Math.abs(logit - other[i])));

/** Labels that differ where the first logit is clear of 0. */
const turned = (one, other) =>
  one.filter((logit, i) => Math.abs(logit) > clear && Math.sign(logit) !== Math.sign(other[i])).length;

async function inOrder(values, answer) {
  const results = [];
  for (const value of values) results.push(await answer(value));
  return results;
}

export async function agreement() {
  const [module] = Object.keys(modules);
  const float = await load({ model: new URL('../../../build/peers/graphs/float/', import.meta.url) });
  const int8 = await loadOurs(module);
  const { exactUpTo } = await int8.info();
  const ids = await inOrder(texts, async (text) => (await int8.tokenize(text)).ids);
  const ours = (await float.classify(texts)).map(({ logit }) => logit);
  const oursRounded = (await int8.classify(texts)).map(({ logit }) => logit);
  const theirs = await inOrder(ids, await logits('', exactUpTo));
  const theirsRounded = await inOrder(ids, await logits('.int8', exactUpTo));
  await Promise.all([float.close(), int8.close()]);
  const same = apart(ours, theirs);
  if (same > mostBetweenFloats) throw new Error(`the networks differ by ${same}: their times can't be compared`);

  const rows = [
    ['ours and onnxruntime-web, float32', same, turned(ours, theirs), mostBetweenFloats],
    ['ours, float32 and int8', apart(ours, oursRounded), turned(ours, oursRounded), mostOfRounding],
    ['onnxruntime-web, float32 and int8', apart(theirs, theirsRounded), turned(theirs, theirsRounded), mostOfRounding],
  ];
  const lines = rows.map(([name, distance, labels, most]) => [
    name,
    distance.toExponential(1),
    most,
    labels,
    distance <= most && labels === 0 ? '' : 'misses',
  ]);
  const head = ['logits of', 'largest distance', 'at most', `other labels beyond ${clear}`, ''];
  const unit = `Logits are what users see: those of the network divided by the temperature, ${config.temperature}, and so are distances.`;
  return `## Agreement on ${texts.length} texts\n\n${unit}\n\n${table(head, lines)}`;
}
