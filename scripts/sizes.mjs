// The package's gzipped bytes, and how they grew since wasm/sizes.json was recorded; fails above 5 %, where a file is gone,
// and where a page's script has more than 20 kB.
// usage: node scripts/sizes.mjs [record]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../wasm/dist/', import.meta.url);
const pageScript = 'JavaScript of a page';
const nodeScript = 'JavaScript of Node';
const recorded = new URL('../wasm/sizes.json', import.meta.url);
const mostGrowth = 0.05;
const mostScript = 20_000;

/** Gzipped bytes of each asset, and of the JavaScript that a page loads: the module, what it shares, its worker. One that
 * reads in place loads engine.js besides. */
function measure() {
  const files = readdirSync(dist, { recursive: true });
  const sizes = {};
  const scripts = { [pageScript]: 0, [nodeScript]: 0 };
  for (const name of files.filter((name) => /\.(wasm|json|safetensors|js)$/.test(name)).sort()) {
    const bytes = gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
    if (/^(index|shared-.*|worker)\.js$/.test(name)) scripts[pageScript] += bytes;
    else if (/^(node|node-worker|command)\.js$/.test(name)) scripts[nodeScript] += bytes;
    else sizes[name] = bytes;
  }
  return { ...sizes, ...scripts };
}

const sizes = measure();
if (process.argv[2] === 'record') {
  writeFileSync(recorded, `${JSON.stringify(sizes, null, 2)}\n`);
}
const before = JSON.parse(readFileSync(recorded, 'utf8'));
const gone = Object.keys(before).filter((name) => !(name in sizes));
if (gone.length > 0) console.error(`Recorded, but no longer in the package: ${gone.join(', ')}`);
let failed = gone.length > 0;
for (const [name, bytes] of Object.entries(sizes)) {
  const growth = bytes / (before[name] ?? 0) - 1;
  const tooLarge = growth > mostGrowth || (name === pageScript && bytes > mostScript);
  failed ||= tooLarge;
  const change = `${growth < 0 ? '' : '+'}${(100 * growth).toFixed(1)} %`;
  console.log(`${name}: ${bytes} bytes gzipped (${change})${tooLarge ? ' is too much' : ''}`);
}
if (failed) {
  console.error(
    `If this change is meant, record it: node scripts/sizes.mjs record. A page's script may never exceed ${mostScript} bytes`,
  );
  process.exit(1);
}
