import { inputError } from './check.js';
import { createLoad } from './create-load.js';
import { NystromformerError } from './errors.js';
import { messageOf } from './plain-error.js';
import type { Platform } from './platform.js';
import type { Classifier, LoadOptions, PageWorker } from './types.js';
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

const workersFrom: Platform['workersFrom'] = (own, base) => (events) => {
  const name = own === null ? (addressOf(base) ?? 'worker.js') : 'what options.worker gives';
  const hint = `${name} could not be started: serve it from this origin, or see options.assets and options.worker`;
  try {
    return connect(own === null ? packageWorker(base) : own(), hint, events);
  } catch (error) {
    throw new NystromformerError('ENGINE_FAILED', `${hint} (${messageOf(error)})`, { cause: error });
  }
};

/** Where worker.js is: in the folder `base`, or beside this module, unless a bundler keeps that for itself. */
function addressOf(base: string | null): URL | null {
  // Webpack says that this module is a file:, Turbopack that it is nowhere.
  return base !== null || /^https?:/.test(import.meta.url) ? new URL('worker.js', base ?? import.meta.url) : null;
}

function packageWorker(base: string | null): Worker {
  const url = addressOf(base);
  if (url !== null && url.origin !== globalThis.location.origin)
    return new Worker(importing(url.href), { type: 'module' });
  if (base !== null) return new Worker(url as URL, { type: 'module' });
  // Bundlers carry the file that is named by a literal of exactly this form.
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

/** A worker's script must be of the page's origin; what that imports need not be, if its server allows it. */
function importing(url: string): string {
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' }));
}

/** `hint`: what to say of an error without a message, which is one of starting. */
function connect(worker: PageWorker, hint: string, { onReply, onFailure }: WorkerEvents): WorkerHandle {
  worker.addEventListener('message', (event) => onReply((event as MessageEvent).data));
  worker.addEventListener('messageerror', () => onFailure('a message could not be read'));
  worker.addEventListener('error', (event) => {
    (event as Event).preventDefault();
    onFailure((event as ErrorEvent).message || hint);
  });
  return { post: (request) => worker.postMessage(request), terminate: () => worker.terminate(), hold: () => {} };
}

/**
 * Loads a model: that of this package, or another one.
 *
 * @example
 * const classifier = await load({ onProgress: ({ fraction }) => console.log(fraction) });
 * console.log(await classifier.info());
 * await classifier.close();
 */
export const load: (options?: LoadOptions) => Promise<Classifier> = createLoad({
  resolve,
  workersFrom,
  parallelism: typeof Worker === 'undefined' ? 0 : navigator.hardwareConcurrency,
  workerByDefault: typeof document !== 'undefined' && typeof Worker !== 'undefined',
  loadInPlace: async (args, watch) => {
    const [{ Engine }, { fetchFile }] = await Promise.all([import('./engine.js'), import('./fetch-file.js')]);
    return Engine.load(args, fetchFile, watch);
  },
});
