// Reads texts and ends: node reading.mjs WORKERS TEXTS TOKENS; WORKERS 0 is in place, without a pool.
import { loadOurs, modules, textOf } from './ours.mjs';

const [workers, texts, tokens] = process.argv.slice(2).map(Number);
const [module] = Object.keys(modules);
const classifier = await loadOurs(module);
const text = textOf(tokens);
if (workers === 0) {
  for (let i = 0; i < texts; ++i) await classifier.classify(text);
} else {
  for await (const { label } of classifier.classifyMany(Array(texts).fill(text), { workers })) {
    if (label === null) throw new Error('the text is empty');
  }
}
await classifier.close();
