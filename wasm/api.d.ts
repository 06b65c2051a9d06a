import type { Classifier, LoadOptions } from './types.js';
export { type ErrorCode, NystromformerError } from './errors.js';
export type * from './types.js';
export declare const load: (options?: LoadOptions) => Promise<Classifier>;
export type ErrorCode = 'MODEL_NOT_FOUND' | 'MODEL_INVALID' | 'MODEL_INTEGRITY' | 'WASM_NOT_FOUND' | 'WASM_UNSUPPORTED' | 'INPUT_INVALID' | 'OUT_OF_MEMORY' | 'ENGINE_FAILED' | 'CLOSED';
export declare class NystromformerError extends Error {
    readonly name = "NystromformerError";
    readonly code: ErrorCode;
    constructor(code: ErrorCode, message: string, options?: {
        cause?: unknown;
    });
}
export declare function closed(): NystromformerError;
/// <reference lib="esnext.disposable" preserve="true" />
export type Source = string | URL | ArrayBuffer | Uint8Array;
export interface ModelFiles {
    config: ArrayBuffer | Uint8Array;
    tokenizer: ArrayBuffer | Uint8Array;
    weights: ArrayBuffer | Uint8Array;
}
export type ModuleName = 'simd128' | 'relaxed-simd';
export interface WasmFiles {
    simd128?: Source;
    relaxedSimd?: Source;
}
export interface LoadProgress {
    loaded: number;
    total: number | null;
    fraction: number | null;
}
export interface CallProgress {
    fraction: number;
}
export interface PageWorker {
    postMessage(message: unknown): void;
    terminate(): void;
    addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: object) => void): void;
}
export interface LoadOptions {
    model?: string | URL | ModelFiles;
    wasm?: WasmFiles;
    worker?: boolean | (() => PageWorker);
    assets?: {
        base: string | URL;
    };
    maxTokens?: number;
    signal?: AbortSignal;
    onProgress?: (progress: LoadProgress) => void;
}
export interface CallOptions {
    signal?: AbortSignal;
    onProgress?: (progress: CallProgress) => void;
}
export interface ManyOptions {
    signal?: AbortSignal;
    workers?: number;
}
export interface Classification {
    label: string | null;
    score: number;
    scores: Record<string, number>;
    logit: number;
    tokens: number;
    unknownTokens: number;
    truncated: boolean;
    empty: boolean;
}
export interface HeadOptions extends CallOptions {
    layer: number;
    head: number;
    bins?: number;
    landmarks?: number;
    exactRows?: readonly number[];
}
export type HeadsOptions = CallOptions & {
    bins: number;
} & ({
    layer: 'all';
    head: number | 'all';
} | {
    layer: number | 'all';
    head: 'all';
});
export interface Matrix {
    rows: number;
    columns: number;
    data: Float32Array;
}
export interface TextRange {
    start: number;
    end: number;
}
export interface Token extends TextRange {
    text: string;
    special: boolean;
}
export interface Tokens {
    ids: Int32Array;
    tokens: Token[];
    unknownTokens: number;
    truncated: boolean;
}
export interface TokenEvidence extends Token {
    evidence: number;
}
export interface EvidenceSpan extends TextRange {
    text: string;
    tokens: number;
    evidence: number;
}
export interface Explanation {
    classification: Classification;
    bias: number;
    logit: number;
    tokens: TokenEvidence[];
    sentences: EvidenceSpan[];
}
export interface TokenRange {
    start: number;
    end: number;
}
export interface Attention {
    layer: number;
    head: number;
    tokens: Token[];
    landmarks: TokenRange[];
    bins: TokenRange[] | null;
    exact: boolean;
    tokenToLandmark: Matrix;
    landmarkToLandmark: Matrix;
    inverse: Matrix;
    landmarkToToken: Matrix;
    weights: Matrix;
    localShare: Float32Array;
    residual: Float32Array;
    exactRows: Matrix;
}
export interface Info {
    model: string;
    labels: string[];
    module: ModuleName;
    kernels: string;
    worker: boolean;
    parameters: number;
    vocabulary: number;
    layers: number;
    heads: number;
    landmarks: number;
    exactUpTo: number;
    maxTokens: number;
    memory: number;
}
export interface Classifier {
    classify(text: string, options?: CallOptions): Promise<Classification>;
    classify(texts: readonly string[], options?: CallOptions): Promise<Classification[]>;
    classify(texts: string | readonly string[], options?: CallOptions): Promise<Classification | Classification[]>;
    classifyMany(texts: Iterable<string> | AsyncIterable<string>, options?: ManyOptions): AsyncIterableIterator<Classification>;
    explain(text: string, options?: CallOptions): Promise<Explanation>;
    occlude(text: string, spans: readonly TextRange[], options?: CallOptions): Promise<Classification[]>;
    tokenize(text: string): Promise<Tokens>;
    attention(text: string, options: HeadOptions): Promise<Attention>;
    attention(text: string, options: HeadsOptions): Promise<Attention[]>;
    info(): Promise<Info>;
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
