import { inputError } from './check.js';
import { createLoad } from './create-load.js';
import type { Classifier, LoadOptions } from './types.js';
import type { WorkerEvents, WorkerHandle } from './worker-client.js';

export { type ErrorCode, NystromformerError } from './errors.js';
export type * from './types.js';

function resolve(location: string | URL): string {
  try {
    return new URL(location, globalThis.document?.baseURI ?? globalThis.location.href).href;
  } catch {
    throw inputError(`"${location}" is no URL`);
  }
}

function startWorker({ onReply, onFailure }: WorkerEvents): WorkerHandle {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'nystromformer' });
  worker.onmessage = ({ data }) => onReply(data);
  worker.onmessageerror = () => onFailure('a message could not be read');
  worker.onerror = (event) => {
    event.preventDefault();
    onFailure(
      event.message || `${new URL('./worker.js', import.meta.url)} could not be started; serve it from this origin`,
    );
  };
  return { post: (request) => worker.postMessage(request), terminate: () => worker.terminate(), hold: () => {} };
}

/** Loads a model: that of this package, or another one. */
export const load: (options?: LoadOptions) => Promise<Classifier> = createLoad({
  resolve,
  startWorker,
  parallelism: typeof Worker === 'undefined' ? 0 : navigator.hardwareConcurrency,
  workerByDefault: typeof document !== 'undefined' && typeof Worker !== 'undefined',
  loadInPlace: async (args, watch) => {
    const [{ Engine }, { fetchFile }] = await Promise.all([import('./engine.js'), import('./fetch-file.js')]);
    return Engine.load(args, fetchFile, watch);
  },
});
