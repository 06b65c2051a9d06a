import { checkText } from './check.js';
import type { Backend } from './protocol.js';
import type { Classification } from './types.js';
import { follow, silent } from './watched.js';

/** The backends that share the work. */
export interface Pool {
  /** How many there may be. */
  readonly size: number;
  open(signal: AbortSignal): Promise<Backend>;
  close(backend: Backend): void;
}

/** What a backend takes at once: small enough that none is left alone with much work at the end. */
const batchTexts = 32;
const batchUnits = 16_384;

/** How far reading is ahead of the results that were given out, for each backend. */
const maxTextsAhead = 256;
const maxUnitsAhead = 1 << 20;

interface Entry {
  text: string;
  result: Classification | null;
}

interface Failure {
  error: unknown;
}

/** Reads any number of texts with a pool; results come in the order of the texts. */
export async function* classifyMany(
  texts: Iterable<string> | AsyncIterable<string>,
  pool: Pool,
  signals: (AbortSignal | undefined)[],
): AsyncGenerator<Classification, void, undefined> {
  const controller = new AbortController();
  const release = signals.map((signal) => follow(signal, controller));
  const line = new Line(pool, controller);
  try {
    controller.signal.throwIfAborted();
    line.read(texts).then(
      () => line.end(null),
      (error) => line.end({ error }),
    );
    for (;;) {
      const result = await line.next();
      if (result === null) return;
      yield result;
    }
  } finally {
    for (const stop of release) stop();
    controller.abort();
  }
}

/** Texts between their source and the results given out. */
class Line {
  readonly #pool: Pool;
  readonly #controller: AbortController;
  readonly #signal: AbortSignal;
  readonly #changes = new Changes();
  readonly #backends = new Set<Backend>();
  readonly #idle: Backend[] = [];
  /** In order: texts whose results were not given out; those of them that no backend has taken. */
  readonly #entries: Entry[] = [];
  readonly #waiting: Entry[] = [];
  #units = 0;
  /** In batches. */
  #waitingWork = 0;
  #working = 0;
  #ended = false;
  #failure: Failure | null = null;

  constructor(pool: Pool, controller: AbortController) {
    this.#pool = pool;
    this.#controller = controller;
    this.#signal = controller.signal;
    this.#signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  async read(texts: Iterable<string> | AsyncIterable<string>): Promise<void> {
    let index = 0;
    for await (const text of texts) {
      checkText(text, `texts[${index++}]`);
      this.#add(text);
      while (this.#isFull() && !this.#signal.aborted) await this.#changes.next();
      this.#signal.throwIfAborted();
    }
  }

  /** No text comes any more; what the source failed with, if it did, comes after the results of the texts before. */
  end(failure: Failure | null): void {
    this.#ended = true;
    this.#failure = failure;
    this.#changes.announce();
  }

  /** The next text's result; null after the last one's. Throws what the source failed with. */
  async next(): Promise<Classification | null> {
    for (;;) {
      this.#signal.throwIfAborted();
      const [first] = this.#entries;
      if (first === undefined && this.#ended) {
        if (this.#failure !== null) throw this.#failure.error;
        return null;
      }
      if (first?.result) {
        this.#entries.shift();
        this.#units -= first.text.length;
        this.#changes.announce();
        return first.result;
      }
      await this.#changes.next();
    }
  }

  /** At once: who takes the results may never ask for another one. */
  #end(): void {
    for (const backend of this.#backends) this.#pool.close(backend);
    this.#changes.announce();
  }

  #isFull(): boolean {
    const { size } = this.#pool;
    return this.#entries.length >= size * maxTextsAhead || this.#units >= size * maxUnitsAhead;
  }

  #add(text: string): void {
    const entry = { text, result: null };
    this.#entries.push(entry);
    this.#waiting.push(entry);
    this.#units += text.length;
    this.#waitingWork += workOf(entry);
    const wanted = this.#working === 0 || this.#idle.length > 0 || this.#hasBatch();
    if (wanted && this.#working < this.#pool.size) {
      ++this.#working;
      this.#work().catch((error) => this.#controller.abort(error));
    }
  }

  /** Whether a batch waits for each backend that is on its way, or for none. */
  #hasBatch(): boolean {
    const opening = this.#working + this.#idle.length - this.#backends.size;
    return this.#waitingWork >= (opening || 1);
  }

  async #work(): Promise<void> {
    const idle = this.#idle.pop();
    const backend = idle && !idle.failed ? idle : await this.#open();
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      const args = { texts: batch.map(({ text }) => text) };
      const results = await backend.call('classify', args, silent(this.#signal));
      for (const [i, entry] of batch.entries()) entry.result = results[i] as Classification;
      this.#changes.announce();
    }
    this.#idle.push(backend);
    --this.#working;
  }

  async #open(): Promise<Backend> {
    const backend = await this.#pool.open(this.#signal);
    if (this.#signal.aborted) this.#pool.close(backend);
    this.#signal.throwIfAborted();
    this.#backends.add(backend);
    return backend;
  }

  /** As many texts as make a batch, and never more than this backend's share of what waits. */
  #take(): Entry[] {
    const most = Math.ceil(this.#waiting.length / this.#pool.size);
    let work = 0;
    let count = 0;
    while (count < most && work < 1) work += workOf(this.#waiting[count++] as Entry);
    this.#waitingWork -= work;
    return this.#waiting.splice(0, count);
  }
}

/** A text's share of a batch, of which a long one makes a whole. Multiples of 1/16,384, whose sums are exact. */
function workOf({ text }: Entry): number {
  return Math.min(1, Math.max(1 / batchTexts, text.length / batchUnits));
}

/** Wakes who waits for the next change. */
class Changes {
  #waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  announce(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
