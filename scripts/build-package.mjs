// Makes the npm package in wasm/dist: bundles wasm/src with the modules' glue, and copies the modules and the model.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'wasm/src');
const dist = join(root, 'wasm/dist');
const builds = (prefix) =>
  Object.fromEntries(['simd128', 'relaxed-simd'].map((name) => [name, join(root, `build/wasm/${prefix}${name}`)]));
const modules = builds('wasm/');
const commands = builds('core/tools/nystromformer-');
const model = join(root, 'models/sentiment');
const modelFiles = ['config.json', 'tokenizer.json', 'model.safetensors'];

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'wasm'), { recursive: true });
mkdirSync(join(dist, 'model'), { recursive: true });
mkdirSync(join(dist, 'command'), { recursive: true });
for (const path of Object.values(modules)) copy(`${path}.wasm`, 'wasm');
for (const name of [...modelFiles, 'MODEL_CARD.md']) copy(join(model, name), 'model');
for (const name of ['README.md', 'THIRD_PARTY.md']) copy(join(root, 'wasm', name), '.');
for (const [name, path] of Object.entries(commands)) copy(`${path}.wasm`, 'command', `${name}.wasm`);
// Vite and others put smaller files into the script as data: URLs, which a page's connect-src may forbid.
const config = join(dist, 'model/config.json');
writeFileSync(config, readFileSync(config, 'utf8').padEnd(4096 + 1));

function copy(path, folder, name = basename(path)) {
  const made = join(dist, folder, name);
  cpSync(path, made);
  chmodSync(made, 0o644);
}

/** The JavaScript of two builds, which is one: it is given the WebAssembly, and only its own name tells them apart. */
function glue(builds) {
  const sources = Object.entries(builds).map(([name, path]) =>
    readFileSync(`${path}.mjs`, 'utf8').replaceAll(name, 'module'),
  );
  if (new Set(sources).size > 1) throw new Error('the two builds are no longer started by the same JavaScript');
  return `${builds.simd128}.mjs`;
}

/** What is read at run time, in wasm/dist. */
const shipped = [
  ...Object.keys(modules).map((name) => join(dist, 'wasm', `${name}.wasm`)),
  ...modelFiles.map((name) => join(dist, 'model', name)),
];

function contentOf(path) {
  const bytes = readFileSync(path);
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const common = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'inline',
  logLevel: 'warning',
  alias: { 'nystrom-bindings': glue(modules), 'nystrom-command': glue(commands) },
  define: {
    SHIPPED: JSON.stringify(Object.fromEntries(shipped.map((path) => [basename(path), contentOf(path)]))),
  },
};
const entry = (name) => join(source, `${name}.ts`);

/** What a page downloads. */
const page = { ...common, minify: true };
await build({
  ...page,
  entryPoints: [entry('index'), entry('engine')],
  outdir: dist,
  splitting: true,
  chunkNames: 'shared-[hash]',
});
// Each a single file, whoever hosts it.
await build({ ...page, entryPoints: [entry('worker')], outdir: dist });
const node = { ...common, platform: 'node', outdir: dist };
await build({ ...node, entryPoints: [entry('node'), entry('node-worker')] });
await build({ ...node, entryPoints: [entry('command')], banner: { js: '#!/usr/bin/env node' } });
chmodSync(join(dist, 'command.js'), 0o755);

const declarations = join(root, 'build/declarations');
const types = ['--emitDeclarationOnly', '--declaration', '--noEmit', 'false', '--outDir', declarations];
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'wasm'), ...types], {
  stdio: 'inherit',
});
for (const name of ['index', 'types', 'errors', 'worker'])
  cpSync(join(declarations, `${name}.d.ts`), join(dist, `${name}.d.ts`));
for (const path of shipped) console.log(`${basename(path)}: ${statSync(path).size} bytes`);
