// The package as it is built, with either module, in place.
import { readFileSync } from 'node:fs';
import { load } from 'nystromformer';

const dist = new URL('../../wasm/dist/', import.meta.url);
const file = (path) => new Uint8Array(readFileSync(new URL(path, dist)));

export const modules = {
  'relaxed-simd': { relaxedSimd: file('wasm/relaxed-simd.wasm') },
  simd128: { simd128: file('wasm/simd128.wasm') },
};

/** `config` changes the shipped model's config.json. */
export function loadOurs(module, config = {}) {
  const settings = { ...JSON.parse(new TextDecoder().decode(file('model/config.json'))), ...config };
  return load({
    wasm: modules[module],
    model: {
      config: new TextEncoder().encode(JSON.stringify(settings)),
      tokenizer: file('model/tokenizer.json'),
      weights: file('model/model.safetensors'),
    },
  });
}

/** A text that the tokenizer reads as so many tokens, with what stands around it. */
export function textOf(tokens) {
  const words = ['the', 'film', 'was', 'long', 'and', 'the', 'music', 'better', 'than', 'its', 'story', '.'];
  return Array.from({ length: tokens - 2 }, (_, i) => words[i % words.length]).join(' ');
}
