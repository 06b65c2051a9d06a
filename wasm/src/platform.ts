import type { Resolve } from './assets.js';
import type { Engine } from './engine.js';
import type { LoadArguments, Watch } from './protocol.js';
import type { LoadProgress } from './types.js';
import type { StartWorker } from './worker-client.js';

/** What differs between a page and Node. */
export interface Platform {
  resolve: Resolve;
  workerByDefault: boolean;
  /** How many workers can run at once; 0 where there are none. */
  parallelism: number;
  startWorker: StartWorker;
  loadInPlace(args: LoadArguments, watch: Watch<LoadProgress>): Promise<Engine>;
}
