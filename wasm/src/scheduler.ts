import { NystromformerError } from './errors.js';
import { macrotask } from './macrotask.js';
import type { Watch } from './protocol.js';
import type { CallProgress } from './types.js';

/** Work in small steps. */
export interface Job<Result> {
  /** Works for about `milliseconds`; says what fraction of all its work is done. */
  advance(milliseconds: number): { fraction: number; done: boolean };
  result(): Result;
  dispose(): void;
}

/** Long enough that the turns between steps cost nothing, short enough that nobody waits for one. */
const stepMilliseconds = 10;

/** So many jobs take turns at most, for each holds memory. */
const maxActive = 16;

/** Runs jobs step by step in turns, and lets a macrotask pass between steps. */
export class Scheduler {
  readonly #waiting: Task[] = [];
  readonly #active: Task[] = [];
  #limit = maxActive;
  #working = false;

  run<Result>(start: () => Job<Result>, watch: Watch<CallProgress>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(new Task(start, watch, resolve as (result: unknown) => void, reject));
      if (!this.#working) void this.#work();
    });
  }

  /** Ends all jobs: their promises reject with `reason`. */
  stop(reason: unknown): void {
    for (const task of [...this.#waiting, ...this.#active]) task.fail(reason);
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#waiting.length > 0 || this.#active.length > 0) {
      await macrotask();
      if (this.#active.length < this.#limit) {
        const next = this.#waiting.shift();
        if (next !== undefined) this.#active.push(next);
      }
      const task = this.#active.shift();
      if (task !== undefined) this.#step(task);
    }
    this.#working = false;
  }

  #step(task: Task): void {
    try {
      task.step();
    } catch (error) {
      if (isOutOfMemory(error) && this.#active.length > 0) {
        // It may have the memory once one of the others is done.
        task.dispose();
        this.#waiting.unshift(task);
        this.#limit = this.#active.length;
        return;
      }
      task.fail(error);
    }
    if (task.settled) {
      task.dispose();
      this.#limit = maxActive;
    } else {
      this.#active.push(task);
    }
  }
}

class Task {
  settled = false;
  #job: Job<unknown> | null = null;
  #fraction = 0;
  readonly #start: () => Job<unknown>;
  readonly #watch: Watch<CallProgress>;
  readonly #resolve: (result: unknown) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onAbort = () => this.fail(this.#watch.signal.reason);

  constructor(
    start: () => Job<unknown>,
    watch: Watch<CallProgress>,
    resolve: (result: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    this.#start = start;
    this.#watch = watch;
    this.#resolve = resolve;
    this.#reject = reject;
    if (watch.signal.aborted) this.#onAbort();
    else watch.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  step(): void {
    if (this.settled) return;
    this.#job ??= this.#start();
    const { fraction, done } = this.#job.advance(stepMilliseconds);
    if (!done) {
      this.#report(fraction);
      return;
    }
    const result = this.#job.result();
    this.#report(1);
    if (this.settled) return;
    this.#settle();
    this.#resolve(result);
  }

  fail(error: unknown): void {
    if (this.settled) return;
    this.#settle();
    this.#reject(error);
  }

  dispose(): void {
    this.#job?.dispose();
    this.#job = null;
  }

  #report(fraction: number): void {
    if (fraction <= this.#fraction) return;
    this.#fraction = fraction;
    this.#watch.onProgress({ fraction });
  }

  #settle(): void {
    this.settled = true;
    this.#watch.signal.removeEventListener('abort', this.#onAbort);
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof NystromformerError && error.code === 'OUT_OF_MEMORY';
}
