// What is published: files, types, and what a page may not import.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { dist, load, root } from './support.mjs';

const { exports: entries, files } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const path = (name) => fileURLToPath(new URL(name, dist));

for (const name of ['index.js', 'worker.js']) {
  test(`${name} imports nothing from outside, neither statically nor dynamically`, async () => {
    const { metafile } = await build({
      entryPoints: [path(name)],
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      write: false,
      metafile: true,
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    assert.deepEqual(
      imports.filter(({ external }) => external),
      [],
    );
    if (name === 'worker.js') assert.deepEqual(imports, []);
  });
}

test('the command that npx starts reads a text', async () => {
  const { bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const command = fileURLToPath(new URL(bin.nystromformer, root));
  const text = 'A film to remember, for once.';
  const classifier = await load();
  const { label, score, tokens } = await classifier.classify(text);
  await classifier.close();
  const output = execFileSync(command, ['classify'], { input: text, encoding: 'utf8' });
  assert.equal(output, `${label} ${(100 * score).toFixed(1)} %, ${tokens} tokens\n`);
});

test('no file is so small that bundlers put it into the script', () => {
  for (const folder of ['model', 'wasm']) {
    for (const name of readdirSync(path(folder))) assert.ok(statSync(path(`${folder}/${name}`)).size > 4096, name);
  }
});

test('no script compiles strings', () => {
  for (const name of readdirSync(dist).filter((file) => file.endsWith('.js'))) {
    assert.doesNotMatch(readFileSync(path(name), 'utf8'), /\beval\(|new Function\b|Function\(['"`]/, name);
  }
});

test('exports lead to files that are published', () => {
  const targets = Object.values(entries).flatMap((entry) => (typeof entry === 'string' ? entry : Object.values(entry)));
  for (const target of targets) {
    const file = new URL(target.replace('/*', '/'), root);
    assert.ok(existsSync(file), target);
    assert.ok(target === './package.json' || files.some((folder) => target.startsWith(`./${folder}/`)), target);
  }
  assert.equal(Object.keys(entries['.'])[0], 'types');
});

test('the pictures that the README shows are published', () => {
  const shown = [...readFileSync(new URL('README.md', root), 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)];
  assert.ok(shown.length > 0);
  for (const [, picture] of shown) assert.ok(existsSync(new URL(picture, root)) && files.includes(picture), picture);
});

test('assets are named by literal URLs, so that bundlers carry them', () => {
  const text = readFileSync(path('index.js'), 'utf8');
  const names = [...text.matchAll(/new URL\("\.\/([^"]+)",\s*import\.meta\.url\)/g)].map(([, name]) => name);
  for (const name of [
    'worker.js',
    'wasm/simd128.wasm',
    'wasm/relaxed-simd.wasm',
    'model/config.json',
    'model/tokenizer.json',
    'model/model.safetensors',
  ]) {
    assert.ok(names.includes(name), name);
  }
});

test('types: a strict consumer compiles, without Node types, and misuse does not', () => {
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  const settings = [
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom',
    '--strict',
    '--exactOptionalPropertyTypes',
  ];
  const consumer = fileURLToPath(new URL('consumer.ts', import.meta.url));
  execFileSync(process.execPath, [tsc, '--noEmit', '--ignoreConfig', ...settings, consumer], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
});

test('types hold no any', () => {
  for (const name of readdirSync(dist).filter((file) => file.endsWith('.d.ts'))) {
    const code = readFileSync(path(name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    assert.doesNotMatch(code, /\bany\b/, name);
  }
});
