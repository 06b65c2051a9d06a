import { availableParallelism } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { inputError } from './check.js';
import { createLoad } from './create-load.js';
import { Engine } from './engine.js';
import { openFile } from './node-file.js';
import type { Classifier, LoadOptions } from './types.js';
import type { WorkerEvents, WorkerHandle } from './worker-client.js';

export { NystromformerError } from './errors.js';

/** A string without one of these schemes is a path. */
const url = /^(https?|file|data|blob):/i;

function resolve(location: string | URL): string {
  if (location instanceof URL || url.test(location)) return new URL(location).href;
  return pathToFileURL(resolvePath(location)).href;
}

function startWorker({ onReply, onFailure }: WorkerEvents): WorkerHandle {
  const worker = new Worker(new URL('./node-worker.js', import.meta.url), { name: 'nystromformer', execArgv: [] });
  worker.on('message', onReply);
  worker.on('messageerror', () => onFailure('a message could not be read'));
  worker.on('error', (error) => onFailure(error.message));
  worker.on('exit', (status) => onFailure(`it ended with status ${status}`));
  return {
    post: (request) => worker.postMessage(request),
    terminate: () => void worker.terminate(),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}

export const load: (options?: LoadOptions) => Promise<Classifier> = createLoad({
  resolve,
  workersFrom: (own) => {
    if (own !== null) throw inputError('options.worker can be a function in a page only: use true');
    return startWorker;
  },
  workerByDefault: false,
  parallelism: availableParallelism(),
  loadInPlace: (args, watch) => Engine.load(args, openFile, watch),
});
