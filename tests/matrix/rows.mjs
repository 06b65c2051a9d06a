// Where the package must run: a name, and what runs it and gives what was read, with the addresses that were asked for.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { policy } from '../listen.mjs';
import { answerOf, chromium, firefox, webkit } from './drivers.mjs';
import { page } from './page.mjs';
import { readme } from './readme.mjs';
import { serve } from './serve.mjs';
import { losingWorker } from './spark/row.mjs';

const home = fileURLToPath(new URL('../../build/matrix/', import.meta.url));
const pages = fileURLToPath(new URL('pages/', import.meta.url));
const packed = join(home, 'node_modules/nystromformer');
const bin = (name) => join(home, 'node_modules', name);
const fromHome = (name) => import(createRequire(join(home, 'package.json')).resolve(name));

/** A folder under build/matrix/apps with copies of the user's files and these more. */
function app(name, files = {}) {
  const folder = join(home, 'apps', name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(pages, folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const run = (command, args, folder) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A program outside pages prints what it read. */
const program =
  (command, ...args) =>
  () => {
    const lines = run(command, args, app('programs')).trim().split('\n');
    return { outcome: JSON.parse(lines.at(-1)) };
  };

/** What main.js leaves in the document. */
const leftByMain = 'document.documentElement?.dataset.outcome ?? ""';

/** What an expression gives in the page at an address. */
const seen = (browser, address, wanted = leftByMain, options = {}) =>
  browser(async (tab) => {
    await tab.open(address);
    return answerOf(tab, wanted);
  }, options);

async function visit(folder, { browser = chromium, headers, path = '', wanted } = {}) {
  const site = await serve(folder, headers);
  try {
    return { outcome: await seen(browser, site.address + path, wanted), requests: site.requests };
  } finally {
    await site.close();
  }
}

/** A server of its own, until it has been visited. */
async function visitServer(command, args, folder, port, wanted) {
  const server = spawn(command, args, { cwd: folder, stdio: 'ignore', detached: true });
  try {
    const address = `http://localhost:${port}/`;
    const isUp = () => fetch(address).then(Boolean, () => false);
    for (let left = 300; left > 0 && !(await isUp()); --left) await sleep(200);
    return { outcome: await seen(chromium, address, wanted) };
  } finally {
    process.kill(-server.pid);
  }
}

/** Whether 1,000 explanations of the shipped model add up to their logits. */
function evidence() {
  const { outcome } = program(bin('node-current/bin/node'), 'evidence.mjs')();
  assert.equal(outcome.texts, 1000);
  assert.ok(outcome.worst <= 1e-4, `bias and evidence miss the logit by ${outcome.worst}`);
  return {};
}

/** A tool that finds fault with a tarball. */
const linted =
  (tool, ...args) =>
  () => {
    const tarball = readdirSync(home).find((name) => name.endsWith('.tgz'));
    run(bin(`.bin/${tool}`), [join(home, tarball), ...args], home);
    return {};
  };

const strict = { 'content-security-policy': policy };
const importMap = `<!doctype html>
<title>nystromformer</title>
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": { "nystromformer": "./nystromformer/wasm/dist/index.js" } }</script>
<script type="module" src="./main.js"></script>`;

function withoutBundler(name, files = {}) {
  const folder = app(name, { 'index.html': importMap, ...files });
  cpSync(packed, join(folder, 'nystromformer'), { recursive: true });
  return folder;
}

const viteCommand = bin('vite/bin/vite.js');
const vite = (folder, ...args) => run(process.execPath, [viteCommand, ...args], folder);

/** Vite's own server, for development or of what it has built. */
const viteServer = (folder, port, command, wanted) =>
  visitServer(process.execPath, [viteCommand, command, '--port', port, '--strictPort'], folder, port, wanted);

function builtByVite(folder) {
  vite(folder, 'build');
  return join(folder, 'dist');
}

/** The verdict that a page of the README shows. */
const shown = `JSON.stringify(document.querySelector('#verdict')?.textContent.match(/^(positive|negative).*|.*rror.*/)?.[0])`;

/** The README's first page, as its reader starts it. */
async function readmePage() {
  const folder = app('readme', { 'index.html': readme['index.html'] });
  const { outcome } = await viteServer(folder, '4604', 'dev', shown);
  assert.match(outcome, /^positive, \d\d\.\d %$/);
  return {};
}

async function readmeWorker() {
  const config = "export default { worker: { format: 'es' } };";
  const files = { 'index.html': readme['worker.html'], 'reader.js': readme['reader.js'], 'vite.config.js': config };
  const { outcome } = await visit(builtByVite(app('readme-worker', files)), { wanted: shown });
  assert.equal(outcome, 'positive');
  return {};
}

/** The pages' main.js with the README's way to load. */
async function readmeTrustedTypes() {
  const main = `import { classifier } from './trusted.js';
const { label, logit } = await classifier.classify('A film to remember, for once.');
const { worker } = await classifier.info();
document.documentElement.dataset.outcome = JSON.stringify({ label, logit, worker });`;
  const folder = builtByVite(app('readme-trusted', { 'main.js': main, 'trusted.js': readme['trusted.js'] }));
  const enforced = `${policy}; require-trusted-types-for 'script'; trusted-types nystromformer`;
  return visit(folder, { headers: { 'content-security-policy': enforced } });
}

async function webpack() {
  const folder = app('webpack');
  const { default: bundler } = await fromHome('webpack');
  const stats = await new Promise((resolve, reject) =>
    bundler(
      {
        mode: 'production',
        context: folder,
        entry: './main.js',
        output: { path: join(folder, 'out'), filename: 'main.js' },
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    ),
  );
  if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
  cpSync(join(folder, 'index.html'), join(folder, 'out/index.html'));
  return visit(join(folder, 'out'), { headers: strict });
}

const atFiles = `?options=${encodeURIComponent(JSON.stringify({ assets: { base: 'files/' } }))}`;

/** These carry no files that a script names: they are copied by hand, and options.assets says where to. */
function copyFiles(folder) {
  for (const part of ['worker.js', 'wasm', 'model'])
    cpSync(join(packed, 'wasm/dist', part), join(folder, 'out/files', part), { recursive: true });
  cpSync(join(folder, 'index.html'), join(folder, 'out/index.html'));
  return join(folder, 'out');
}

async function bundledByEsbuild(folder) {
  const { build } = await fromHome('esbuild');
  const entryPoints = [join(folder, 'main.js')];
  await build({ entryPoints, bundle: true, format: 'esm', splitting: true, outdir: join(folder, 'out') });
  return copyFiles(folder);
}

async function esbuild() {
  return visit(await bundledByEsbuild(app('esbuild')), { headers: strict, path: atFiles });
}

async function rollup() {
  const folder = app('rollup');
  const { rollup: bundler } = await fromHome('rollup');
  const { nodeResolve } = await fromHome('@rollup/plugin-node-resolve');
  const bundle = await bundler({ input: join(folder, 'main.js'), plugins: [nodeResolve({ browser: true })] });
  await bundle.write({ dir: join(folder, 'out'), format: 'es' });
  return visit(copyFiles(folder), { headers: strict, path: atFiles });
}

const manifest = {
  manifest_version: 3,
  name: 'nystromformer',
  version: '1',
  content_security_policy: { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" },
};

async function extension() {
  const folder = await bundledByEsbuild(app('extension'));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  // Chromium names an unpacked extension by its folder, in letters from a to p.
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  const id = hash.replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
  const address = `chrome-extension://${id}/index.html${atFiles}`;
  return { outcome: await seen(chromium, address, leftByMain, { extension: folder }) };
}

/** A worker of the user's own, in which the package works in place. */
const ownWorker = {
  'main.js': `
const reader = new Worker('./reader.js', { type: 'module' });
reader.onmessage = ({ data }) => { document.documentElement.dataset.outcome = JSON.stringify(data); };`,
  'reader.js': `
import { load } from './nystromformer/wasm/dist/index.js';
async function read() {
  const classifier = await load();
  const { label, logit } = await classifier.classify('A film to remember, for once.');
  return { label, logit };
}
read().catch((error) => ({ error: String(error) })).then(postMessage);`,
};

const nextFiles = {
  'next.config.mjs': "export default { serverExternalPackages: ['nystromformer'] };",
  'app/layout.js': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  'app/page.js': `import Client from './client.js';
import { load } from 'nystromformer';
export const dynamic = 'force-dynamic';
export default async function Page() {
  const classifier = await load();
  const { logit } = await classifier.classify('A film to remember, for once.');
  await classifier.close();
  return <><p id="server">{logit}</p><Client /></>;
}`,
  'app/client.js': `'use client';
import { useEffect } from 'react';
import { load } from 'nystromformer';
async function read() {
  const classifier = await load();
  const { label, logit } = await classifier.classify('A film to remember, for once.');
  const { worker } = await classifier.info();
  return { label, logit, worker, server: Number(document.getElementById('server').textContent) };
}
export default function Client() {
  useEffect(() => {
    read()
      .catch((error) => ({ error: String(error) }))
      .then((outcome) => { document.documentElement.dataset.outcome = JSON.stringify(outcome); });
  }, []);
  return null;
}`,
};

function next() {
  const folder = app('next', nextFiles);
  const command = bin('next/dist/bin/next');
  run(process.execPath, [command, 'build'], folder);
  return visitServer(process.execPath, [command, 'start', '-p', '4601'], folder, 4601);
}

/** From a name to what is run there. */
export const rows = {
  publint: linted('publint', '--strict'),
  'Are the types wrong?': linted('attw', '--profile', 'esm-only'),
  'Node 20': program(bin('node-20/bin/node'), 'read.mjs'),
  'Node 22': program(bin('node-22/bin/node'), 'read.mjs'),
  'Node 26': program(bin('node-current/bin/node'), 'read.mjs'),
  'Node 20, require()': program(bin('node-20/bin/node'), 'read.cjs'),
  'Node 22, require()': program(bin('node-22/bin/node'), 'read.cjs'),
  'Node 26, require()': program(bin('node-current/bin/node'), 'read.cjs'),
  Deno: program(bin('@deno/linux-x64-glibc/deno'), 'run', '-A', '--node-modules-dir=manual', 'read.mjs'),
  Bun: program(bin('@oven/bun-linux-x64/bin/bun'), 'read.mjs'),
  'Chromium, an import map': () => visit(withoutBundler('import-map')),
  'Firefox ESR, an import map': () => visit(withoutBundler('import-map'), { browser: firefox }),
  'WebKitGTK, an import map': () => visit(withoutBundler('import-map'), { browser: webkit }),
  'The page in Chromium': page(chromium),
  'The page in Firefox ESR': page(firefox),
  'The page in WebKitGTK': page(webkit),
  'Chromium, a module worker': () => visit(withoutBundler('own-worker', ownWorker)),
  'Chromium, an extension': extension,
  'Vite, dev': () => viteServer(app('vite'), '4602', 'dev'),
  'Vite, build': () => visit(builtByVite(app('vite')), { headers: strict }),
  'Vite, preview': () => {
    const folder = app('vite');
    builtByVite(folder);
    return viteServer(folder, '4603', 'preview');
  },
  "Vite, the README's page": readmePage,
  "Vite, the README's worker": readmeWorker,
  "Vite, the README's worker under Trusted Types": readmeTrustedTypes,
  webpack,
  'esbuild, files copied': esbuild,
  'Rollup, files copied': rollup,
  'Next, server and client': next,
  'Evidence of 1,000 texts adds up': evidence,
  'PySpark, a worker is lost': () => losingWorker(app('spark', { 'verdicts.py': readme['verdicts.py'] })),
};
