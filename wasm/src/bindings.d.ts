/** What wasm/bindings gives to JavaScript. Everything throws { code, message } where the core throws an error. */
declare module 'nystrom-bindings' {
  export interface Matrix {
    rows: number;
    columns: number;
    data: Float32Array;
  }

  export interface ModelInfo {
    model: string;
    labels: string[];
    kernels: string;
    parameters: number;
    vocabulary: number;
    layers: number;
    heads: number;
    landmarks: number;
    exactUpTo: number;
  }

  export interface Model {
    info(): ModelInfo;
    token(id: number): string;
    tokenize(units: Uint16Array, lengths: Uint32Array, maxTokens: number): Tokens;
    delete(): void;
  }

  export interface Result {
    empty: boolean;
    truncated: boolean;
    tokens: number;
    unknownTokens: number;
    logit: number;
    positive: number;
  }

  /** `layer` and `head` are null for every one; 0 bins or landmarks are as many as there are. */
  export interface TraceRequest {
    layer: number | null;
    head: number | null;
    bins: number;
    landmarks: number;
    exactRows: Uint32Array;
  }

  /** Landmarks and bins are flat: start and end of each, one after the other. */
  export interface Trace {
    layer: number;
    head: number;
    exact: boolean;
    landmarks: Uint32Array;
    bins: Uint32Array;
    tokenToLandmark: Matrix;
    landmarkToLandmark: Matrix;
    inverse: Matrix;
    landmarkToToken: Matrix;
    weights: Matrix;
    localShare: Float32Array;
    residual: Float32Array;
    exactRows: Matrix;
  }

  /** Spans are flat, as a trace's landmarks. */
  export interface Traces {
    ids: Int32Array;
    spans: Uint32Array;
    heads: Trace[];
  }

  export interface Explanation {
    bias: number;
    ids: Int32Array;
    spans: Uint32Array;
    evidence: Float32Array;
  }

  export interface Tokens {
    ids: Int32Array;
    spans: Uint32Array;
    unknownTokens: number;
    truncated: boolean;
  }

  export interface Run {
    /** Texts laid end to end, and how many UTF-16 units each has. */
    begin(units: Uint16Array, lengths: Uint32Array): void;
    beginTrace(units: Uint16Array, lengths: Uint32Array, request: TraceRequest): void;
    beginExplanation(units: Uint16Array, lengths: Uint32Array): void;
    advance(milliseconds: number): { fraction: number; done: boolean };
    results(): Result[];
    takeTraces(): Traces;
    takeExplanation(): Explanation;
    delete(): void;
  }

  export interface Bindings {
    loadModel(config: Uint8Array, tokenizer: Uint8Array, weights: Uint8Array): Model;
    Run: new (model: Model, maxTokens: number) => Run;
    memorySize(): number;
  }

  export interface Environment {
    instantiateWasm(
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): Record<string, never>;
  }

  const create: (environment: Environment) => Promise<Bindings>;
  export default create;
}
