import type { Resolve } from './assets.js';
import type { Engine } from './engine.js';
import type { LoadArguments, Watch } from './protocol.js';
import type { LoadProgress, PageWorker } from './types.js';
import type { StartWorker } from './worker-client.js';

/** What differs between a page and Node. */
export interface Platform {
  resolve: Resolve;
  workerByDefault: boolean;
  /** How many workers can run at once; 0 where there are none. */
  parallelism: number;
  /** How workers are started: by `own`, or from worker.js in the folder `base`, or from that of this package. */
  workersFrom(own: (() => PageWorker) | null, base: string | null): StartWorker;
  loadInPlace(args: LoadArguments, watch: Watch<LoadProgress>): Promise<Engine>;
}
