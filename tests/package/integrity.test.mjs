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

/** 20 places in a file, its first and last byte among them. */
const placesIn = ({ length }) => Array.from({ length: 20 }, (_, i) => Math.round((i / 19) * (length - 1)));

function flipped(bytes, place, bit) {
  const copy = Uint8Array.from(bytes);
  copy[place] ^= 1 << (bit % 8);
  return copy;
}

/** From a name to what becomes of a file. */
const damages = {
  'a flipped bit at 20 places': (bytes) => placesIn(bytes).map((place, i) => flipped(bytes, place, i)),
  'cut at 20 places': (bytes) => placesIn(bytes).map((place) => bytes.subarray(0, place)),
  'one byte more': (bytes) => [Buffer.concat([bytes, Buffer.of(0)])],
};

for (const [name, code] of Object.entries(files)) {
  describe(name, () => {
    for (const [what, damage] of Object.entries(damages)) {
      test(what, async () => {
        const path = join(folder, name);
        const whole = readFileSync(path);
        for (const bytes of damage(whole)) {
          writeFileSync(path, bytes);
          await assert.rejects(load(), (error) => {
            assert.equal(error.code, code);
            assert.ok(error.message.includes(pathToFileURL(path).href), error.message);
            return true;
          });
        }
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
