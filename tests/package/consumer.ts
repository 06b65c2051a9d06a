// Compiled by hygiene.test.mjs against the built package, as a user's strict project would.
import {
  type Attention,
  type Classification,
  type EvidenceSpan,
  type Explanation,
  type Info,
  type LoadProgress,
  load,
  NystromformerError,
  type Tokens,
} from 'nystromformer';

export async function use(text: string, signal: AbortSignal): Promise<string> {
  const classifier = await load({
    model: new URL('https://example.org/model/'),
    wasm: { simd128: new Uint8Array() },
    worker: true,
    signal,
    onProgress: ({ loaded, fraction }: LoadProgress) => console.log(loaded.toFixed(), fraction?.toFixed(2)),
  });
  await load({ worker: () => new Worker('worker.js', { type: 'module' }), assets: { base: '/copies/' } });
  const one: Classification = await classifier.classify(text, {
    signal,
    onProgress: ({ fraction }) => console.log(fraction),
  });
  const many: Classification[] = await classifier.classify([text, text] as const);
  const stream: AsyncIterableIterator<Classification> = classifier.classifyMany(new Set([text]), {
    signal,
    workers: 2,
  });
  for await (const { label, logit } of stream) console.log(label, logit.toFixed(2));
  const attention: Attention = await classifier.attention(text, { layer: 0, head: 1 });
  const value: number | undefined = attention.weights.data[attention.weights.columns];
  const explanation: Explanation = await classifier.explain(text, { signal });
  const strongest: EvidenceSpan | undefined = explanation.sentences[0];
  const without: Classification[] = await classifier.occlude(text, strongest ? [strongest] : []);
  const tokens: Tokens = await classifier.tokenize(text);
  const info: Info = await classifier.info();

  const chosen: { layer: number | 'all'; head: number } = { layer: 0, head: 1 };
  // @ts-expect-error: whether one attention comes or several must be known
  await classifier.attention(text, { ...chosen, bins: 64 });

  // @ts-expect-error: a number is no text
  await classifier.classify(7).catch(() => {});
  // @ts-expect-error: one text is not many
  classifier.classifyMany(7);
  // @ts-expect-error: layer and head are needed
  await classifier.attention(text).catch(() => {});
  // @ts-expect-error: an empty text has no label
  const label: string = one.label;
  // @ts-expect-error: no such option
  await load({ modle: '' }).catch(() => {});
  // @ts-expect-error: results are typed, nothing is any
  many[0]?.nothing;

  await classifier.close();
  return `${label} ${without.length} ${tokens.ids[0]} ${value} ${info.module}`;
}

export function explain(error: unknown): string {
  if (!(error instanceof NystromformerError)) return String(error);
  // @ts-expect-error: codes are a closed list
  if (error.code === 'NO_SUCH_CODE') return '';
  return error.code === 'OUT_OF_MEMORY' ? 'too long' : error.message;
}
