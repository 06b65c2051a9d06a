import { folderOf, modelAssets, type Resolve, wasmAsset } from './assets.js';
import { checkInteger, checkOptions, inputError, show } from './check.js';
import { ConnectedClassifier } from './classifier.js';
import { Connection } from './connection.js';
import { detectFeatures } from './features.js';
import type { Platform } from './platform.js';
import type { Classifier, LoadOptions } from './types.js';
import { watched } from './watched.js';

const defaultMaxTokens = 262_144;

/** Makes the package's `load` for a platform. */
export function createLoad(platform: Platform): (options?: LoadOptions) => Promise<Classifier> {
  return async (options = {}) => {
    checkOptions(options, 'model', 'wasm', 'worker', 'assets', 'maxTokens');
    const { model, wasm, worker, assets, maxTokens = defaultMaxTokens, signal, onProgress } = options;
    if (worker !== undefined && typeof worker !== 'boolean' && typeof worker !== 'function')
      throw inputError(`options.worker must be true, false or a function, not ${show(worker)}`);
    const base = assets === undefined ? null : baseOf(assets, platform.resolve);
    checkInteger(maxTokens, 'options.maxTokens', 2, 2 ** 31 - 1);
    return watched([signal], onProgress, async (watch) => {
      const { relaxedSimd } = await detectFeatures();
      const args = {
        model: modelAssets(model, base, platform.resolve),
        wasm: wasmAsset(wasm, relaxedSimd, base, platform.resolve),
        maxTokens,
      };
      watch.signal.throwIfAborted();
      const [own, inWorker] = typeof worker === 'function' ? [worker, true] : [null, worker];
      const connection = new Connection(platform, platform.workersFrom(own, base), args, inWorker);
      return new ConnectedClassifier(connection, await connection.open(watch));
    });
  };
}

function baseOf(assets: unknown, resolve: Resolve): string {
  const base = typeof assets === 'object' && assets !== null && 'base' in assets ? assets.base : undefined;
  if (typeof base !== 'string' && !(base instanceof URL))
    throw inputError(`options.assets must be { base: a string or URL }, not ${show(assets)}`);
  return folderOf(resolve(base));
}
