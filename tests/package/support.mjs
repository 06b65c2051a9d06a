// What the package's tests share.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { relaxedSimd } from 'wasm-feature-detect';

// Node 20 has relaxed SIMD behind a flag, and a baseline compiler that gets it wrong; later releases need no flags.
if (!(await relaxedSimd())) {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  setFlagsFromString('--no-liftoff');
}

const { load } = await import('nystromformer');

export const root = new URL('../../', import.meta.url);
export const fixtures = new URL('tests/fixtures/', root);
export const dist = new URL('wasm/dist/', root);

/** Both modules, as the option `wasm` that chooses them. */
export const modules = [
  { name: 'simd128', wasm: { simd128: new URL('wasm/simd128.wasm', dist) } },
  { name: 'relaxed-simd', wasm: { relaxedSimd: new URL('wasm/relaxed-simd.wasm', dist) } },
];

/** How far a number may be from the twin's. */
export const tolerance = 1e-4;

export function assertClose(actual, expected, what, allowed = tolerance) {
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual} instead of ${expected}`);
}

export function readJson(name) {
  return JSON.parse(readFileSync(new URL(name, fixtures), 'utf8'));
}

/** The bytes of a model folder among the fixtures. */
export function readModel(name) {
  const read = (file) => new Uint8Array(readFileSync(new URL(`${name}/${file}`, fixtures)));
  return { config: read('config.json'), tokenizer: read('tokenizer.json'), weights: read('model.safetensors') };
}

export function toBytes(value) {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** A model whose tokenizer knows the word "w17" as id 17, and so on, so that a text can hold any ids. */
export function modelOfIds(name, config = {}) {
  const files = readModel(name);
  const settings = { ...readJson(`${name}/config.json`), ...config };
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const tokenizer = readJson(`${name}/tokenizer.json`);
  const words = Array.from({ length: settings.vocab_size }, (_, id) => [special[id] ?? `w${id}`, id]);
  tokenizer.model.vocab = Object.fromEntries(words);
  return { ...files, config: toBytes(settings), tokenizer: toBytes(tokenizer) };
}

/** The text that modelOfIds reads as these ids, [CLS] and [SEP] around them. */
export function textOfIds(ids) {
  return ids
    .slice(1, -1)
    .map((id) => `w${id}`)
    .join(' ');
}

/** A tiny model that any test may use. */
export function loadTiny(options = {}) {
  return load({ model: modelOfIds('tiny-model'), ...options });
}

/** About `tokens` words that the tiny model knows. */
export function words(tokens) {
  return Array.from({ length: tokens }, (_, i) => `w${5 + ((i * 7919) % 500)}`).join(' ');
}

/** A promise and the function that resolves it. */
export function withResolvers() {
  const result = {};
  result.promise = new Promise((resolve) => {
    result.resolve = resolve;
  });
  return result;
}

export { load };

/** The models whose logits golden/recorded_logits.json has, by folder. */
export const recordedModels = {
  'tiny-model': new URL('tiny-model/', fixtures),
  'tiny-model-packed': new URL('tiny-model-packed/', fixtures),
  sentiment: new URL('models/sentiment/', root),
};

/** The texts of golden/recorded_logits.json, in its order: the short ones, then the long ones by name. */
export function readRecordedTexts() {
  const long = readdirSync(new URL('texts/long/', fixtures)).sort();
  return [
    ...readJson('texts/texts.json').map(({ text }) => text),
    ...long.map((name) => readFileSync(new URL(`texts/long/${name}`, fixtures), 'utf8')),
  ];
}
