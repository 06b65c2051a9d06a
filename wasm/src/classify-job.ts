import type { Model, Result, Run } from 'nystrom-bindings';
import type { Core } from './core.js';
import type { Job } from './scheduler.js';
import { batchesOf, toUnits } from './texts.js';
import type { Classification } from './types.js';

/** Reads texts, a batch at a time. */
export class ClassifyJob implements Job<Classification[]> {
  readonly #core: Core;
  readonly #run: Run;
  readonly #labels: string[];
  readonly #batches: Iterator<readonly string[]>;
  readonly #total: number;
  readonly #results: Classification[] = [];
  #batch: readonly string[] | undefined;
  #done = 0;

  constructor(core: Core, model: Model, maxTokens: number, texts: readonly string[]) {
    this.#core = core;
    this.#labels = core.use(() => model.info().labels);
    this.#run = core.use((bindings) => new bindings.Run(model, maxTokens));
    this.#batches = batchesOf(texts);
    this.#total = workOf(texts);
  }

  advance(milliseconds: number): { fraction: number; done: boolean } {
    this.#batch ??= this.#beginNext();
    if (this.#batch === undefined) return { fraction: 1, done: true };
    const { fraction, done } = this.#core.use(() => this.#run.advance(milliseconds));
    const work = workOf(this.#batch);
    if (!done) return { fraction: (this.#done + fraction * work) / this.#total, done: false };
    for (const result of this.#core.use(() => this.#run.results()))
      this.#results.push(toClassification(result, this.#labels));
    this.#done += work;
    this.#batch = undefined;
    return { fraction: this.#done / this.#total, done: this.#done === this.#total };
  }

  result(): Classification[] {
    return this.#results;
  }

  dispose(): void {
    this.#core.free(this.#run);
  }

  #beginNext(): readonly string[] | undefined {
    const { value: batch, done } = this.#batches.next();
    if (done) return undefined;
    this.#core.use(() => {
      const { units, lengths } = toUnits(batch);
      this.#run.begin(units, lengths);
    });
    return batch;
  }
}

/** A measure of the time that texts take. */
function workOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + 1, 0);
}

export function toClassification(result: Result, labels: string[]): Classification {
  const [negative, positive] = labels as [string, string];
  const { empty, logit, tokens, unknownTokens, truncated } = result;
  const negativeScore = 1 - result.positive;
  return {
    label: empty ? null : logit > 0 ? positive : negative,
    score: Math.max(result.positive, negativeScore),
    scores: Object.fromEntries([
      [negative, negativeScore],
      [positive, result.positive],
    ]),
    logit,
    tokens,
    unknownTokens,
    truncated,
    empty,
  };
}
