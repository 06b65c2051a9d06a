import type { Model, TraceRequest } from 'nystrom-bindings';
import type { Core } from './core.js';
import { TextJob, toTokens } from './text-job.js';
import type { Attention, TokenRange } from './types.js';

/** Keeps what some heads did, by layer and head. */
export class AttentionJob extends TextJob<Attention[]> {
  constructor(core: Core, model: Model, maxTokens: number, text: string, request: TraceRequest) {
    super(core, model, maxTokens, text, (run, units, lengths) => run.beginTrace(units, lengths, request));
  }

  result(): Attention[] {
    return this.core.use(() => {
      const traces = this.run.takeTraces();
      const tokens = traces[0] ? toTokens(this.model, this.text, traces[0].ids, traces[0].spans) : [];
      return traces.map(({ ids: _ids, spans: _spans, landmarks, bins, ...rest }) => ({
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
