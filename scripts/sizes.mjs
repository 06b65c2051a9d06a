// The package's gzipped bytes, and how they grew since wasm/sizes.json was recorded; fails above 5 %, and where a page's
// script has more than 20 kB.
// usage: node scripts/sizes.mjs [record]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../wasm/dist/', import.meta.url);
const pageScript = 'JavaScript of a page';
const recorded = new URL('../wasm/sizes.json', import.meta.url);
const mostGrowth = 0.05;
const mostScript = 20_000;

/** Gzipped bytes of each asset, and of the JavaScript that a page loads: the module, what it shares, its worker. */
function measure() {
  const files = readdirSync(dist, { recursive: true });
  const sizes = {};
  let script = 0;
  for (const name of files.filter((name) => /\.(wasm|json|safetensors|js)$/.test(name)).sort()) {
    const bytes = gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
    if (/^(index|shared-.*|worker)\.js$/.test(name)) script += bytes;
    else if (!name.endsWith('.js')) sizes[name] = bytes;
  }
  return { ...sizes, [pageScript]: script };
}

const sizes = measure();
if (process.argv[2] === 'record') {
  writeFileSync(recorded, `${JSON.stringify(sizes, null, 2)}\n`);
}
const before = JSON.parse(readFileSync(recorded, 'utf8'));
let failed = false;
for (const [name, bytes] of Object.entries(sizes)) {
  const growth = bytes / (before[name] ?? 0) - 1;
  const tooLarge = growth > mostGrowth || (name === pageScript && bytes > mostScript);
  failed ||= tooLarge;
  const change = `${growth < 0 ? '' : '+'}${(100 * growth).toFixed(1)} %`;
  console.log(`${name}: ${bytes} bytes gzipped (${change})${tooLarge ? ' is too much' : ''}`);
}
if (failed) {
  console.error(
    `If this growth is meant, record it: node scripts/sizes.mjs record. A page's script may never exceed ${mostScript} bytes`,
  );
  process.exit(1);
}
