import { Engine } from './engine.js';
import { NystromformerError } from './errors.js';
import { toPlain } from './plain-error.js';
import type { Calls, Reply, Request, Watch } from './protocol.js';
import type { OpenFile } from './read.js';

type CallRequest = Exclude<Request, { name: 'cancel' }>;

export type Post = (reply: Reply, transfer: ArrayBuffer[]) => void;

/** The worker's side of the protocol: gives the function that takes requests. */
export function serve(openFile: OpenFile, post: Post): (request: Request) => void {
  const running = new Map<number, AbortController>();
  let engine: Engine | undefined;

  async function answer(
    request: CallRequest,
    watch: Watch<Calls[keyof Calls]['progress']>,
  ): Promise<Calls[keyof Calls]['result']> {
    if (request.name === 'load') {
      engine = await Engine.load(request.arguments, openFile, watch);
      return engine.info();
    }
    if (engine === undefined)
      throw new NystromformerError('ENGINE_FAILED', 'The worker was asked before it had loaded a model');
    return engine.call(request.name, request.arguments, watch);
  }

  async function handle(request: CallRequest): Promise<void> {
    const { id } = request;
    const controller = new AbortController();
    const { signal } = controller;
    running.set(id, controller);
    try {
      const result = await answer(request, {
        signal,
        onProgress: (progress) => post({ id, kind: 'progress', progress }, []),
      });
      if (!signal.aborted) post({ id, kind: 'result', result }, buffersOf(result));
    } catch (error) {
      if (!signal.aborted) post({ id, kind: 'error', error: toPlain(error) }, []);
    } finally {
      running.delete(id);
    }
  }

  return (request) => {
    if (request.name === 'cancel') running.get(request.id)?.abort();
    else void handle(request);
  };
}

/** The buffers of a result's typed arrays, or of those of each of its parts, which are moved instead of copied. */
function buffersOf(result: object): ArrayBuffer[] {
  if (Array.isArray(result)) return result.flatMap(buffersOf);
  return Object.values(result).flatMap((value) => {
    const array = value?.data ?? value;
    return ArrayBuffer.isView(array) ? [array.buffer as ArrayBuffer] : [];
  });
}
