import type { TraceRequest } from 'nystrom-bindings';
import type { ModelAssets, WasmAsset } from './assets.js';
import type { PlainError } from './plain-error.js';
import type { Attention, CallProgress, Classification, Explanation, Info, LoadProgress, Tokens } from './types.js';

export interface LoadArguments {
  model: ModelAssets;
  wasm: WasmAsset;
  maxTokens: number;
}

export type EngineInfo = Omit<Info, 'worker'>;

/** Everything that can be asked of an engine. */
export interface Calls {
  load: { arguments: LoadArguments; progress: LoadProgress; result: EngineInfo };
  classify: { arguments: { texts: readonly string[] }; progress: CallProgress; result: Classification[] };
  attention: { arguments: { text: string; request: TraceRequest }; progress: CallProgress; result: Attention[] };
  explain: { arguments: { text: string }; progress: CallProgress; result: Explanation };
  tokenize: { arguments: { text: string }; progress: CallProgress; result: Tokens };
  info: { arguments: null; progress: CallProgress; result: EngineInfo };
}

export interface Watch<Progress> {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** A loaded engine: in this thread, or a worker's. */
export interface Backend {
  /** It broke down: every call fails, and a new one must be opened. */
  readonly failed: boolean;
  call<Name extends Exclude<keyof Calls, 'load'>>(
    name: Name,
    args: Calls[Name]['arguments'],
    watch: Watch<Calls[Name]['progress']>,
  ): Promise<Calls[Name]['result']>;
  close(): void;
}

/** From page to worker. `cancel` names the call to cancel; what is cancelled gets no reply. */
export type Request =
  | { [Name in keyof Calls]: { id: number; name: Name; arguments: Calls[Name]['arguments'] } }[keyof Calls]
  | { id: number; name: 'cancel' };

/** From worker to page: any number of times progress, then a result or an error. */
export type Reply =
  | { id: number; kind: 'progress'; progress: Calls[keyof Calls]['progress'] }
  | { id: number; kind: 'result'; result: Calls[keyof Calls]['result'] }
  | { id: number; kind: 'error'; error: PlainError };
