// The whole network beside the same network in onnxruntime-web, int8 both, and DistilBERT, which people use today.
import { bound, exactUpTo } from '../bound.mjs';
import { moduleRates } from '../kernel-rates.mjs';
import { inTurns, milliseconds, table, times } from '../measure.mjs';
import { loadOurs, modules, textOf } from '../ours.mjs';
import { distilbert, nystromformer } from '../theirs.mjs';

async function timesOf(classifier, tokens) {
  const text = textOf(tokens);
  const { tokens: read } = await classifier.classify(text);
  if (read !== tokens) throw new Error(`the text has ${read} tokens instead of ${tokens}`);
  const contestants = {
    ours: () => classifier.classify(text),
    theirs: await nystromformer(tokens, tokens <= exactUpTo),
  };
  if (tokens <= 512) contestants.distilbert = await distilbert(tokens);
  return { tokens, ...(await inTurns(contestants)) };
}

const row = (module, rates, { tokens, ours, theirs, distilbert: bert }) => [
  module,
  tokens,
  milliseconds(ours),
  `${((100 * bound(tokens, rates)) / ours).toFixed(0)} %`,
  milliseconds(theirs),
  times(theirs / ours),
  bert ? milliseconds(bert) : 'stops at 512',
  bert ? times(bert / ours) : '',
];

export async function network() {
  const rows = [];
  for (const module of Object.keys(modules)) {
    const classifier = await loadOurs(module);
    // The machine may be slow for a moment: peaks are taken twice.
    const before = moduleRates(module);
    const measured = [];
    for (const tokens of [16, 128, 512, 4096, 16384]) measured.push(await timesOf(classifier, tokens));
    const rates = [...before, ...moduleRates(module)];
    rows.push(...measured.map((each) => row(module, rates, each)));
    await classifier.close();
  }
  const head = [
    'module',
    'tokens',
    'ours',
    'of its bound',
    'the same in onnxruntime-web',
    'ratio',
    'DistilBERT in it',
    'ratio',
  ];
  const bounds = 'The bound is what the products alone take at the speed that registers allow (Kernels).';
  return `## The network\n\n${bounds}\n\n${table(head, rows)}`;
}
