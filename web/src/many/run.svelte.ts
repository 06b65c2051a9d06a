import type { Classification } from 'nystromformer';
import type { Session } from '../session.svelte';
import { type Problem, problemOf } from '../words';
import { Countdown } from './countdown';

export type RunState = 'ready' | 'running' | 'paused' | 'stopped' | 'done' | 'failed';

/** How often what is shown follows what was read, in milliseconds. */
const refresh = 250;

/** Texts, and how far they were read. */
export class Run {
  state = $state.raw<RunState>('ready');
  /** Those of the first texts, in order. */
  verdicts = $state.raw<readonly Classification[]>([]);
  millisecondsLeft = $state.raw<number | null>(null);
  problem = $state.raw<Problem | null>(null);

  readonly #session: Session;
  #texts: readonly string[] = [];
  #read: Classification[] = [];
  #work = new AbortController();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Whether texts are left that it means to read. */
  get busy(): boolean {
    return this.state === 'running' || this.state === 'paused';
  }

  /** Reads these texts from the first one on. */
  start(texts: readonly string[]): Promise<void> {
    this.reset();
    this.#texts = texts;
    return this.goOn();
  }

  /** Reads what has not been read. */
  async goOn(): Promise<void> {
    this.#work = new AbortController();
    const { signal } = this.#work;
    const texts = this.#texts.slice(this.#read.length);
    const countdown = new Countdown(texts);
    this.state = 'running';
    this.millisecondsLeft = null;
    const timer = setInterval(() => {
      this.verdicts = this.#read.slice();
      this.millisecondsLeft = countdown.millisecondsLeft;
    }, refresh);
    try {
      for await (const verdict of this.#session.classifyMany(texts, { signal })) {
        if (signal.aborted) return;
        this.#read.push(verdict);
        countdown.next();
      }
      this.#end(this.#read.length === this.#texts.length ? 'done' : 'ready');
    } catch (error) {
      if (signal.aborted) return;
      this.problem = problemOf(error);
      this.#end('failed');
    } finally {
      clearInterval(timer);
    }
  }

  /** Lets the device rest; goOn takes up where this left off. */
  pause(): void {
    this.#end('paused');
  }

  /** Ends it before its end. What was read stays. */
  stop(): void {
    this.#end('stopped');
  }

  /** Forgets what was read. */
  reset(): void {
    this.#read = [];
    this.#end('ready');
  }

  #end(state: RunState): void {
    this.#work.abort();
    this.verdicts = this.#read.slice();
    this.state = state;
  }
}
