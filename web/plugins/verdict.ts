import { readFile, stat } from 'node:fs/promises';
import type { Plugin } from 'vite';

const dist = new URL('../../wasm/dist/', import.meta.url);

/** What a first visit fetches of the package besides scripts; both modules are of about the same size. */
const downloaded = ['model/config.json', 'model/tokenizer.json', 'model/model.safetensors', 'wasm/relaxed-simd.wasm'];

async function downloadSize(): Promise<number> {
  const sizes = await Promise.all(downloaded.map(async (path) => (await stat(new URL(path, dist))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function read(text: string) {
  const { load } = (await import(new URL('node.js', dist).href)) as typeof import('nystromformer');
  const classifier = await load();
  const { labels } = await classifier.info();
  const { tokens, sentences, ...explanation } = await classifier.explain(text);
  await classifier.close();
  // The page has the text and can cut it itself.
  return { labels, explanation: { ...explanation, sentences: sentences.map(({ text, ...sentence }) => sentence) } };
}

/** `import … from 'FILE.txt?verdict'`: a text, what the packaged network says of it, and that network's size. */
export function verdict(): Plugin {
  return {
    name: 'verdict',
    enforce: 'pre',
    async load(id) {
      const [path, query] = id.split('?');
      if (query !== 'verdict') return null;
      const text = (await readFile(path, 'utf8')).trim();
      const built = { text, ...(await read(text)), downloadSize: await downloadSize() };
      return { code: `export default ${JSON.stringify(built)}`, moduleType: 'js' };
    },
  };
}
