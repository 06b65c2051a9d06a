import type { Model, Run } from 'nystrom-bindings';
import type { Core } from './core.js';
import type { Job } from './scheduler.js';
import { toUnits } from './texts.js';
import type { Token } from './types.js';

/** Reads one text and keeps something beside its verdict. */
export abstract class TextJob<Result> implements Job<Result> {
  protected readonly core: Core;
  protected readonly model: Model;
  protected readonly run: Run;
  protected readonly text: string;

  constructor(
    core: Core,
    model: Model,
    maxTokens: number,
    text: string,
    begin: (run: Run, units: Uint16Array, lengths: Uint32Array) => void,
  ) {
    this.core = core;
    this.model = model;
    this.text = text;
    this.run = core.use((bindings) => new bindings.Run(model, maxTokens));
    try {
      core.use(() => {
        const { units, lengths } = toUnits([text]);
        begin(this.run, units, lengths);
      });
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  advance(milliseconds: number): { fraction: number; done: boolean } {
    return this.core.use(() => this.run.advance(milliseconds));
  }

  abstract result(): Result;

  dispose(): void {
    this.core.free(this.run);
  }
}

/** Tokens from their ids and flat spans. */
export function toTokens(model: Model, text: string, ids: Int32Array, spans: Uint32Array): Token[] {
  return Array.from(ids, (id, index) => {
    const start = spans[2 * index] as number;
    const end = spans[2 * index + 1] as number;
    const special = start === end;
    return { text: special ? model.token(id) : text.slice(start, end), start, end, special };
  });
}
