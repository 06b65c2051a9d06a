// From an empty cache to the first verdict in Chromium: our package beside transformers.js with DistilBERT in int8.
import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { listen, types } from '../../listen.mjs';
import { launch } from '../chromium.mjs';
import { inTurns, milliseconds, table, times } from '../measure.mjs';
import { opinions } from '../texts.mjs';

const root = new URL('../../../', import.meta.url);
const [text] = opinions(1, 120);

/** What the pages ask for, and where it is. */
const folders = {
  '/ours/': 'wasm/dist/',
  '/theirs/': 'build/peers/node_modules/@huggingface/transformers/dist/',
  '/ort/': 'build/peers/node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/',
  '/models/distilbert/': 'build/peers/graphs/distilbert/',
};

const page = (script) => `<!doctype html><title>start</title><link rel="icon" href="data:,">
<script type="module">${script}; window.verdict = { label, milliseconds: performance.now() };</script>`;
const pages = {
  '/ours.html': page(`
    import { load } from '/ours/index.js';
    const classifier = await load();
    const { label } = await classifier.classify(${JSON.stringify(text)})`),
  '/theirs.html': page(`
    import { env, pipeline } from '/theirs/transformers.min.js';
    Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: '/models/' });
    env.backends.onnx.wasm.wasmPaths = '/ort/';
    const classify = await pipeline('text-classification', 'distilbert', { dtype: 'q8', device: 'wasm' });
    const [{ label }] = await classify(${JSON.stringify(text)})`),
};

let sent = 0;
function answer({ url }, response) {
  if (url in pages) return response.writeHead(200, { 'content-type': 'text/html' }).end(pages[url]);
  const folder = Object.keys(folders).find((prefix) => url.startsWith(prefix));
  const path = folder && new URL(folders[folder] + url.slice(folder.length), root);
  const size = path && statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return response.writeHead(404).end();
  sent += size;
  const head = { 'content-type': types[extname(url)] ?? 'application/octet-stream', 'content-length': size };
  createReadStream(path).pipe(response.writeHead(200, head));
}

/** Opens a page in a browser that has never been anywhere; gives the milliseconds from there to its verdict. */
async function visit(browser, address) {
  const context = await browser.newContext();
  const opened = await context.newPage();
  opened.on('pageerror', (error) => console.error(String(error)));
  await opened.goto(address);
  const verdict = await opened.waitForFunction(() => window.verdict, null, { polling: 10 });
  const { milliseconds: own } = await verdict.jsonValue();
  await context.close();
  return own;
}

export async function start() {
  const { base, close } = await listen(answer);
  const browser = await launch();
  const bytes = {};
  const visits = Object.fromEntries(
    ['ours', 'theirs'].map((name) => [
      name,
      async () => {
        sent = 0;
        const own = await visit(browser, `${base}/${name}.html`);
        bytes[name] = `${(sent / 1e6).toFixed(1)} MB`;
        return own;
      },
    ]),
  );
  const { ours, theirs } = await inTurns(visits);
  await browser.close();
  await close();
  const row = [milliseconds(ours), bytes.ours, milliseconds(theirs), bytes.theirs, times(theirs / ours)];
  const head = ['ours', 'fetched', 'transformers.js with DistilBERT', 'fetched', 'ratio'];
  return `## From nothing to the first verdict, in Chromium\n\n${table(head, [row])}`;
}
