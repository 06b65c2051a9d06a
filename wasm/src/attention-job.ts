import type { Model } from 'nystrom-bindings';
import type { Core } from './core.js';
import type { Calls } from './protocol.js';
import { TextJob, toTokens } from './text-job.js';
import type { Attention, TokenRange } from './types.js';

/** Keeps what some heads did, by layer and head. */
export class AttentionJob extends TextJob<Attention[]> {
  constructor(core: Core, model: Model, maxTokens: number, { text, request }: Calls['attention']['arguments']) {
    super(core, model, maxTokens, text, (run, units, lengths) => run.beginTrace(units, lengths, request));
  }

  result(): Attention[] {
    return this.core.use(() => {
      const { ids, spans, heads } = this.run.takeTraces();
      const tokens = toTokens(this.model, this.text, ids, spans);
      return heads.map(({ landmarks, bins, ...rest }) => ({
        ...rest,
        tokens,
        landmarks: toRanges(landmarks),
        bins: bins.length > 0 ? toRanges(bins) : null,
      }));
    });
  }
}

function toRanges(spans: Uint32Array): TokenRange[] {
  return Array.from({ length: spans.length / 2 }, (_, index) => ({
    start: spans[2 * index] as number,
    end: spans[2 * index + 1] as number,
  }));
}
