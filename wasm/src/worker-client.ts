import { closed, NystromformerError } from './errors.js';
import { fromPlain } from './plain-error.js';
import type { Backend, Calls, EngineInfo, LoadArguments, Reply, Request, Watch } from './protocol.js';
import type { LoadProgress } from './types.js';

/** A worker of the platform. */
export interface WorkerHandle {
  post(request: Request): void;
  terminate(): void;
  /** Whether the process should stay for the worker's sake. */
  hold(busy: boolean): void;
}

export interface WorkerEvents {
  onReply: (reply: Reply) => void;
  /** It could not be started, or an error ended it. */
  onFailure: (reason: string) => void;
}

export type StartWorker = (events: WorkerEvents) => WorkerHandle;

interface Pending {
  onProgress: (progress: never) => void;
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
}

/** The page's side of the protocol: one worker with one model. */
export class WorkerClient implements Backend {
  failed = false;
  readonly #worker: WorkerHandle;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;

  private constructor(start: StartWorker) {
    this.#worker = start({
      onReply: (reply) => this.#receive(reply),
      onFailure: (reason) =>
        this.#fail(
          new NystromformerError('ENGINE_FAILED', `The worker failed (${reason}); the next call starts a new one`),
        ),
    });
  }

  /** Starts a worker and loads the model there. */
  static async open(
    start: StartWorker,
    args: LoadArguments,
    watch: Watch<LoadProgress>,
  ): Promise<{ backend: WorkerClient; info: EngineInfo }> {
    const backend = new WorkerClient(start);
    try {
      return { backend, info: await backend.#request('load', args, watch) };
    } catch (error) {
      backend.close();
      throw error;
    }
  }

  call<Name extends Exclude<keyof Calls, 'load'>>(
    name: Name,
    args: Calls[Name]['arguments'],
    watch: Watch<Calls[Name]['progress']>,
  ) {
    return this.#request(name, args, watch);
  }

  close(): void {
    this.#fail(closed());
  }

  #request<Name extends keyof Calls>(
    name: Name,
    args: Calls[Name]['arguments'],
    { signal, onProgress }: Watch<Calls[Name]['progress']>,
  ) {
    return new Promise<Calls[Name]['result']>((resolve, reject) => {
      signal.throwIfAborted();
      const id = this.#nextId++;
      const onAbort = () => {
        this.#worker.post({ id, name: 'cancel' });
        this.#take(id)?.reject(signal.reason);
      };
      const settle =
        <Value>(next: (value: Value) => void) =>
        (value: Value) => {
          signal.removeEventListener('abort', onAbort);
          next(value);
        };
      this.#worker.post({ id, name, arguments: args } as Request);
      this.#pending.set(id, { onProgress, resolve: settle(resolve), reject: settle(reject) });
      this.#worker.hold(true);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #receive(reply: Reply): void {
    if (reply.kind === 'progress') {
      this.#pending.get(reply.id)?.onProgress(reply.progress as never);
    } else if (reply.kind === 'result') {
      this.#take(reply.id)?.resolve(reply.result as never);
    } else {
      const error = fromPlain(reply.error);
      this.#take(reply.id)?.reject(error);
      if (error.code === 'ENGINE_FAILED') this.#fail(error);
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#worker.hold(false);
    return pending;
  }

  /** Ends the worker; no call is left hanging. */
  #fail(error: NystromformerError): void {
    if (this.failed) return;
    this.failed = true;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
