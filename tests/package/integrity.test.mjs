// The package's own files: what was cut or changed on the way is refused, by the file's name.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { relaxedSimd } from 'wasm-feature-detect';
import { dist } from './support.mjs';

const files = {
  'model/config.json': 'MODEL_INTEGRITY',
  'model/tokenizer.json': 'MODEL_INTEGRITY',
  'model/model.safetensors': 'MODEL_INTEGRITY',
  [`wasm/${(await relaxedSimd()) ? 'relaxed-simd' : 'simd128'}.wasm`]: 'WASM_NOT_FOUND',
};

let folder;
let load;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nystromformer-'));
  cpSync(fileURLToPath(dist), folder, { recursive: true });
  ({ load } = await import(pathToFileURL(join(folder, 'node.js'))));
});
after(() => rmSync(folder, { recursive: true }));

const flipped = (place) => (bytes) => {
  const copy = Uint8Array.from(bytes);
  copy[Math.floor(place * copy.length)] ^= 1;
  return copy;
};

const damages = {
  'a flipped bit at the start': flipped(0),
  'a flipped bit in the middle': flipped(0.5),
  'a flipped bit near the end': flipped(0.999),
  'half of it': (bytes) => bytes.subarray(0, bytes.length / 2),
  'one byte more': (bytes) => Buffer.concat([bytes, Buffer.of(0)]),
  nothing: () => Buffer.alloc(0),
};

for (const [name, code] of Object.entries(files)) {
  describe(name, () => {
    for (const [what, damage] of Object.entries(damages)) {
      test(what, async () => {
        const path = join(folder, name);
        const whole = readFileSync(path);
        writeFileSync(path, damage(whole));
        await assert.rejects(load(), (error) => {
          assert.equal(error.code, code);
          assert.ok(error.message.includes(pathToFileURL(path).href), error.message);
          return true;
        });
        writeFileSync(path, whole);
      });
    }
  });
}

test('and whole again they load', async () => {
  const classifier = await load();
  assert.equal((await classifier.classify('A film to remember, for once.')).label, 'positive');
  await classifier.close();
});
