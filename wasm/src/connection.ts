import type { Pool } from './many.js';
import type { Platform } from './platform.js';
import type { Backend, EngineInfo, LoadArguments, Watch } from './protocol.js';
import type { LoadProgress } from './types.js';
import { silent } from './watched.js';
import { type StartWorker, WorkerClient } from './worker-client.js';

/** Each holds the whole model. */
const mostWorkers = 8;

/** The way to a backend: opens another one when the last has failed. */
export class Connection {
  readonly worker: boolean;
  readonly #platform: Platform;
  readonly #startWorker: StartWorker;
  readonly #args: LoadArguments;
  readonly #inPlace: boolean;
  readonly #closing = new AbortController();
  #opening: Promise<Backend> | null = null;
  #backend: Backend | null = null;

  /** worker: whether to work in one; undefined is as the platform does. */
  constructor(platform: Platform, startWorker: StartWorker, args: LoadArguments, worker: boolean | undefined) {
    this.#platform = platform;
    this.#startWorker = startWorker;
    this.#args = args;
    this.worker = worker ?? platform.workerByDefault;
    this.#inPlace = worker === false || platform.parallelism === 0;
  }

  async open(watch: Watch<LoadProgress>): Promise<EngineInfo> {
    const { backend, info } = await this.#load(watch);
    this.#backend = backend;
    return info;
  }

  async get(): Promise<Backend> {
    if (this.#backend !== null && !this.#backend.failed) return this.#backend;
    this.#opening ??= this.#reopen();
    return this.#opening;
  }

  /** Workers of their own, as many as the machine runs at once if `workers` doesn't say; or this connection's backend. */
  pool(workers: number | undefined): Pool {
    if (this.#inPlace) return { size: 1, open: () => this.get(), close: () => {} };
    return {
      size: workers ?? Math.min(this.#platform.parallelism, mostWorkers),
      open: async (signal) => (await WorkerClient.open(this.#startWorker, this.#args, silent(signal))).backend,
      close: (backend) => backend.close(),
    };
  }

  close(): void {
    this.#closing.abort();
    this.#backend?.close();
  }

  async #reopen(): Promise<Backend> {
    try {
      await this.open(silent(this.#closing.signal));
      return this.#backend as Backend;
    } finally {
      this.#opening = null;
    }
  }

  async #load(watch: Watch<LoadProgress>): Promise<{ backend: Backend; info: EngineInfo }> {
    if (this.worker) return WorkerClient.open(this.#startWorker, this.#args, watch);
    const engine = await this.#platform.loadInPlace(this.#args, watch);
    return { backend: engine, info: engine.info() };
  }
}
