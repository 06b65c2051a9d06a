import { inputError } from './check.js';
import { NystromformerError } from './errors.js';
import type { ModelFiles, ModuleName, Source, WasmFiles } from './types.js';

/** What the files that this package ships hold: constants of the build. */
declare const SHIPPED: Record<string, { size: number; sha256: string }>;

/** A file to read. */
export interface Asset {
  name: string;
  /** Its URL, or its bytes. */
  source: string | Uint8Array;
  /** Its size in bytes, where that is known beforehand. */
  size: number | null;
  /** The SHA-256 of its bytes, in hexadecimal, if they must be those that this package ships. */
  sha256: string | null;
}

export interface ModelAssets {
  /** The folder's URL, for messages; null if the files' bytes were passed in. */
  folder: string | null;
  config: Asset;
  tokenizer: Asset;
  weights: Asset;
}

export interface WasmAsset {
  module: ModuleName;
  file: Asset;
}

/** Makes a URL of what the user gave: what that may be depends on the platform. */
export type Resolve = (location: string | URL) => string;

// Bundlers carry files that are named by literals of exactly this form.
const besideModule = {
  'model/config.json': () => new URL('./model/config.json', import.meta.url),
  'model/tokenizer.json': () => new URL('./model/tokenizer.json', import.meta.url),
  'model/model.safetensors': () => new URL('./model/model.safetensors', import.meta.url),
  'wasm/simd128.wasm': () => new URL('./wasm/simd128.wasm', import.meta.url),
  'wasm/relaxed-simd.wasm': () => new URL('./wasm/relaxed-simd.wasm', import.meta.url),
};

/** A file of this package: in the folder `base`, or beside the module. */
function shipped(path: keyof typeof besideModule, base: string | null, resolve: Resolve): Asset {
  const name = path.slice(path.indexOf('/') + 1);
  // Turbopack's URLs are relative.
  const source = base === null ? resolve(besideModule[path]()) : new URL(path, base).href;
  return { name, source, ...(SHIPPED[name] as { size: number; sha256: string }) };
}

function shippedModel(base: string | null, resolve: Resolve): ModelAssets {
  const config = shipped('model/config.json', base, resolve);
  return {
    folder: new URL('.', config.source as string).href,
    config,
    tokenizer: shipped('model/tokenizer.json', base, resolve),
    weights: shipped('model/model.safetensors', base, resolve),
  };
}

/** A folder's URL with a slash at its end. */
export function folderOf(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

/** `base`: the folder of the files that this package ships, or null if they are beside the module. */
export function modelAssets(
  model: string | URL | ModelFiles | undefined,
  base: string | null,
  resolve: Resolve,
): ModelAssets {
  if (model === undefined) return shippedModel(base, resolve);
  if (typeof model === 'string' || model instanceof URL) return modelFolder(resolve(model));
  if (typeof model !== 'object' || model === null) {
    throw inputError('options.model must be a folder (a string or URL) or { config, tokenizer, weights }');
  }
  return {
    folder: null,
    config: fromBytes('config.json', 'options.model.config', model.config),
    tokenizer: fromBytes('tokenizer.json', 'options.model.tokenizer', model.tokenizer),
    weights: fromBytes('model.safetensors', 'options.model.weights', model.weights),
  };
}

function modelFolder(url: string): ModelAssets {
  const folder = folderOf(url);
  const file = (name: string): Asset => ({ name, source: new URL(name, folder).href, size: null, sha256: null });
  return { folder, config: file('config.json'), tokenizer: file('tokenizer.json'), weights: file('model.safetensors') };
}

/** The module to load: the fastest of those that are there and that the engine runs. */
export function wasmAsset(
  wasm: WasmFiles | undefined,
  relaxedSimd: boolean,
  base: string | null,
  resolve: Resolve,
): WasmAsset {
  if (wasm === undefined) {
    const module = relaxedSimd ? 'relaxed-simd' : 'simd128';
    return { module, file: shipped(`wasm/${module}.wasm`, base, resolve) };
  }
  if (typeof wasm !== 'object' || wasm === null || (wasm.simd128 === undefined && wasm.relaxedSimd === undefined)) {
    throw inputError('options.wasm must be { simd128, relaxedSimd }, one of them or both');
  }
  if (wasm.relaxedSimd !== undefined && relaxedSimd) {
    return {
      module: 'relaxed-simd',
      file: fromSource('relaxed-simd.wasm', 'options.wasm.relaxedSimd', wasm.relaxedSimd, resolve),
    };
  }
  if (wasm.simd128 === undefined) {
    throw new NystromformerError(
      'WASM_UNSUPPORTED',
      'This engine has no relaxed SIMD: pass options.wasm.simd128 as well',
    );
  }
  return { module: 'simd128', file: fromSource('simd128.wasm', 'options.wasm.simd128', wasm.simd128, resolve) };
}

function fromSource(name: string, argument: string, source: Source, resolve: Resolve): Asset {
  if (typeof source === 'string' || source instanceof URL)
    return { name, source: resolve(source), size: null, sha256: null };
  return fromBytes(name, argument, source);
}

function fromBytes(name: string, argument: string, bytes: unknown): Asset {
  if (bytes instanceof ArrayBuffer) return fromBytes(name, argument, new Uint8Array(bytes));
  if (bytes instanceof Uint8Array) return { name, source: bytes, size: bytes.byteLength, sha256: null };
  throw inputError(`${argument} must be the bytes of ${name}, an ArrayBuffer or a Uint8Array`);
}
