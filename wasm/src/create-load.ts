import { modelAssets, wasmAsset } from './assets.js';
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
    checkOptions(options);
    const { model, wasm, worker, maxTokens = defaultMaxTokens, signal, onProgress } = options;
    if (worker !== undefined && typeof worker !== 'boolean')
      throw inputError(`options.worker must be true or false, not ${show(worker)}`);
    checkInteger(maxTokens, 'options.maxTokens', 2, 2 ** 31 - 1);
    return watched([signal], onProgress, async (watch) => {
      const { relaxedSimd } = await detectFeatures();
      const args = {
        model: modelAssets(model, platform.resolve),
        wasm: wasmAsset(wasm, relaxedSimd, platform.resolve),
        maxTokens,
      };
      watch.signal.throwIfAborted();
      const connection = new Connection(platform, args, worker);
      return new ConnectedClassifier(connection, await connection.open(watch));
    });
  };
}
