import type { Model, Run, Trace } from 'nystrom-bindings/simd128';
import type { Core } from './core.js';
import type { Calls } from './protocol.js';
import type { Job } from './scheduler.js';
import { toUnits } from './texts.js';
import type { Attention, AttentionToken, Landmark } from './types.js';

/** Reads one text and keeps what one head did. */
export class AttentionJob implements Job<Attention> {
  readonly #core: Core;
  readonly #model: Model;
  readonly #run: Run;
  readonly #text: string;

  constructor(core: Core, model: Model, maxTokens: number, { text, layer, head }: Calls['attention']['arguments']) {
    this.#core = core;
    this.#model = model;
    this.#text = text;
    this.#run = core.use((bindings) => new bindings.Run(model, maxTokens));
    try {
      core.use(() => {
        const { units, lengths } = toUnits([text]);
        this.#run.beginTrace(units, lengths, layer, head);
      });
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  advance(milliseconds: number): { fraction: number; done: boolean } {
    return this.#core.use(() => this.#run.advance(milliseconds));
  }

  result(): Attention {
    return this.#core.use(() => {
      const { ids, spans, landmarks, ...rest } = this.#run.takeTrace();
      return { ...rest, tokens: this.#tokens(ids, spans), landmarks: toLandmarks(landmarks) };
    });
  }

  dispose(): void {
    this.#core.free(this.#run);
  }

  #tokens(ids: Trace['ids'], spans: Trace['spans']): AttentionToken[] {
    return Array.from(ids, (id, index) => {
      const start = spans[2 * index] as number;
      const end = spans[2 * index + 1] as number;
      const special = start === end;
      return { text: special ? this.#model.token(id) : this.#text.slice(start, end), start, end, special };
    });
  }
}

function toLandmarks(spans: Uint32Array): Landmark[] {
  return Array.from({ length: spans.length / 2 }, (_, index) => ({
    start: spans[2 * index] as number,
    end: spans[2 * index + 1] as number,
  }));
}
