// Time and memory against length, and landmarks against exact attention in our own core.
import { inTurns, milliseconds, table, times } from '../measure.mjs';
import { loadOurs, modules, textOf } from '../ours.mjs';

export async function lengths() {
  const rows = [];
  const [module] = Object.keys(modules);
  const landmarks = await loadOurs(module, { exact_up_to: 32 });
  const exact = await loadOurs(module, { exact_up_to: 65536 });
  for (const tokens of [64, 128, 256, 512, 1024, 4096, 16384, 65536]) {
    const text = textOf(tokens);
    const contestants = { landmarks: () => landmarks.classify(text) };
    if (tokens <= 4096) contestants.exact = () => exact.classify(text);
    const result = await inTurns(contestants);
    const { memory } = await landmarks.info();
    rows.push([
      tokens,
      milliseconds(result.landmarks),
      `${((1000 * result.landmarks) / tokens).toFixed(0)} µs`,
      `${(memory / 1e6).toFixed(0)} MB`,
      result.exact ? milliseconds(result.exact) : '',
      result.exact ? times(result.exact / result.landmarks) : '',
    ]);
  }
  await Promise.all([landmarks.close(), exact.close()]);
  return `## Length\n\n${table(['tokens', '32 landmarks', 'a token', 'memory', 'exact', 'ratio'], rows)}`;
}
