import type { Model } from 'nystrom-bindings/simd128';
import type { Core } from './core.js';
import type { Calls } from './protocol.js';
import { TextJob, toTokens } from './text-job.js';
import type { Attention, Landmark } from './types.js';

/** Keeps what one head did. */
export class AttentionJob extends TextJob<Attention> {
  constructor(core: Core, model: Model, maxTokens: number, { text, layer, head }: Calls['attention']['arguments']) {
    super(core, model, maxTokens, text, (run, units, lengths) => run.beginTrace(units, lengths, layer, head));
  }

  result(): Attention {
    return this.core.use(() => {
      const { ids, spans, landmarks, ...rest } = this.run.takeTrace();
      return { ...rest, tokens: toTokens(this.model, this.text, ids, spans), landmarks: toLandmarks(landmarks) };
    });
  }
}

function toLandmarks(spans: Uint32Array): Landmark[] {
  return Array.from({ length: spans.length / 2 }, (_, index) => ({
    start: spans[2 * index] as number,
    end: spans[2 * index + 1] as number,
  }));
}
