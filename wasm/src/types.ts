/// <reference lib="esnext.disposable" preserve="true" />

/** A file: where it is (in Node also a path), or its bytes. */
export type Source = string | URL | ArrayBuffer | Uint8Array;

/** The bytes of a model folder's three files. */
export interface ModelFiles {
  /** config.json */
  config: ArrayBuffer | Uint8Array;
  /** tokenizer.json */
  tokenizer: ArrayBuffer | Uint8Array;
  /** model.safetensors */
  weights: ArrayBuffer | Uint8Array;
}

/** The two builds of the WebAssembly module. The second is faster and needs an engine with relaxed SIMD. */
export type ModuleName = 'simd128' | 'relaxed-simd';

/** The module's builds, one or both; with one alone, that one is used. */
export interface WasmFiles {
  simd128?: Source;
  relaxedSimd?: Source;
}

/** How far a download is. */
export interface LoadProgress {
  /** Bytes that have arrived, of all files together. */
  loaded: number;
  /** Bytes of all files together, or null while a size is unknown. */
  total: number | null;
  /** loaded / total, or null while a size is unknown; exactly 1 at the end. */
  fraction: number | null;
}

/** How far a call is: a fraction of its work that rises to exactly 1. */
export interface CallProgress {
  fraction: number;
}

/** A page's worker, as the DOM's `Worker` is one. */
export interface PageWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: object) => void): void;
}

export interface LoadOptions {
  /** The model folder's URL (in Node also its path), or its files' bytes. Default: the model of this package. */
  model?: string | URL | ModelFiles;
  /** The WebAssembly modules. Default: those of this package, the fastest that the engine runs. */
  wasm?: WasmFiles;
  /**
   * Whether to work in a worker; or, in a page, what starts one from this package's `worker.js`, which is a module: the
   * way where Trusted Types are enforced. Default: in a page yes; in Node, or where there are no workers, no.
   */
  worker?: boolean | (() => PageWorker);
  /**
   * Where copies of this package's `worker.js`, `wasm/` and `model/` are, if its bundler left them behind. Default: beside
   * the module that is imported.
   */
  assets?: { base: string | URL };
  /** Longer texts are cut after this many tokens and their results say `truncated`. Default: 262,144. */
  maxTokens?: number;
  /** Stops loading: the promise rejects with the signal's reason. Nothing else ends a server that stalls. */
  signal?: AbortSignal;
  onProgress?: (progress: LoadProgress) => void;
}

export interface CallOptions {
  /** Stops the call: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: CallProgress) => void;
}

export interface ManyOptions {
  /** Stops reading: the iteration throws the signal's reason. */
  signal?: AbortSignal;
  /** Most workers to start, 1 to 64. Default: as many as the machine has cores, at most 8. */
  workers?: number;
}

/** What the network says of one text. It is as well calibrated as the model's temperature makes it: see its card. */
export interface Classification {
  /** The likelier of the model's labels; null for an empty text. */
  label: string | null;
  /** The probability of `label`; 0.5 for an empty text. */
  score: number;
  /** The probability of each label. */
  scores: Record<string, number>;
  /** Log-odds of the positive label, divided by the model's temperature; 0 for an empty text. */
  logit: number;
  /** Tokens read, the special ones at both ends included. */
  tokens: number;
  /** How many of them the vocabulary does not know. */
  unknownTokens: number;
  /** The text was longer than `maxTokens` and was cut there. */
  truncated: boolean;
  /** The text holds nothing but white space and control characters: there is no verdict. */
  empty: boolean;
}

/** One head: layer and head count from 0. */
export interface HeadOptions extends CallOptions {
  layer: number;
  head: number;
  /** Gathers the tokens into so many even bins, up to 4,096. Default, as 0: one a token. */
  bins?: number;
  /**
   * What so many landmarks, up to 512 and no more than tokens, would make of the same Q, K and V. For the picture only: the
   * inverse takes 16 iterations instead of six, so that as many landmarks as tokens give exact attention. Default, as 0:
   * what was computed.
   */
  landmarks?: number;
  /** Up to 64 tokens whose exact softmax row is wanted beside. */
  exactRows?: readonly number[];
}

/** Every head of a layer, every layer's same head, or all of them. */
export type HeadsOptions = CallOptions & {
  /** Gathers the tokens into so many even bins, 1 to 4,096. */
  bins: number;
} & ({ layer: 'all'; head: number | 'all' } | { layer: number | 'all'; head: 'all' });

/** Row-major: the element at row i, column j is `data[i * columns + j]`. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float32Array;
}

/** A range [start, end) of a text's UTF-16 units. */
export interface TextRange {
  start: number;
  end: number;
}

/** A token and what it covers in the text: nothing if `special`. */
export interface Token extends TextRange {
  /** That part of the text, or the name of a special token, as "[CLS]". */
  text: string;
  special: boolean;
}

/** A text as the network reads it. */
export interface Tokens {
  /** One a token, in the model's vocabulary. */
  ids: Int32Array;
  tokens: Token[];
  /** How many of them the vocabulary does not know. */
  unknownTokens: number;
  /** The text was longer than `maxTokens` and was cut there. */
  truncated: boolean;
}

/** By how much a token moves the logit, in its context. */
export interface TokenEvidence extends Token {
  evidence: number;
}

/** By how much a part of the text moves the logit: the sum over its tokens. */
export interface EvidenceSpan extends TextRange {
  text: string;
  /** Tokens that start in it. */
  tokens: number;
  evidence: number;
}

/**
 * Where a verdict comes from: bias + Σ tokens' evidence = logit, and so with the sentences and the special tokens. Evidence
 * is a linear function of a token's last state, fitted so that its sum over a deleted part tells by how much the logit
 * falls; what that leaves of the logit is spread evenly over the tokens.
 */
export interface Explanation {
  /** What `classify` says of the text. */
  classification: Classification;
  /** The same for every text of a model. */
  bias: number;
  logit: number;
  tokens: TokenEvidence[];
  /** The text that was read, cut into sentences end to end; one of more than 512 units is cut again. */
  sentences: EvidenceSpan[];
}

/** A range [start, end) of tokens. */
export interface TokenRange {
  start: number;
  end: number;
}

/**
 * One head of one layer for n tokens and m landmarks (Xiong et al. 2021). A short text is read with exact attention unless
 * `landmarks` is given: then `exact` is true, `weights` is its n × n softmax, and there are no landmarks and no landmark
 * matrices (0 × 0).
 *
 * With `bins`, n stands for their number: rows of F, F·Z and the exact softmax are means over a bin's tokens, columns of B
 * and of the exact softmax are sums, `localShare` is a mean.
 */
export interface Attention {
  layer: number;
  head: number;
  tokens: Token[];
  /** Each landmark's segment. */
  landmarks: TokenRange[];
  /** Each bin's tokens; null where a bin is a token. */
  bins: TokenRange[] | null;
  exact: boolean;
  /** F, n × m: each row is a softmax over landmarks. */
  tokenToLandmark: Matrix;
  /** A, m × m: each row is a softmax over landmarks. */
  landmarkToLandmark: Matrix;
  /** Z, m × m, the approximate pseudo-inverse of A; entries may be negative. */
  inverse: Matrix;
  /** B, m × n: each row is a softmax over tokens. */
  landmarkToToken: Matrix;
  /** F·Z, n × m, signed: what each token takes of what each landmark gathered. Exact: the n × n softmax. */
  weights: Matrix;
  /** Per token the convolution's share of its context, ‖conv‖ / (‖attention‖ + ‖conv‖). */
  localShare: Float32Array;
  /** ‖A·Z·A − A‖ (Frobenius) at the start and after each step of the iteration that makes Z. */
  residual: Float32Array;
  /** softmax(qᵢ·Kᵀ/√d) over all tokens, a row for each of `exactRows`. */
  exactRows: Matrix;
}

/** What is loaded. */
export interface Info {
  /** The model's name, from its config.json. */
  model: string;
  /** The model's labels, the negative one first. */
  labels: string[];
  /** The WebAssembly module in use. */
  module: ModuleName;
  /** The instruction set of its kernels. */
  kernels: string;
  /** Whether the work runs in a worker. */
  worker: boolean;
  /** How many numbers were trained. */
  parameters: number;
  vocabulary: number;
  layers: number;
  heads: number;
  /** m, the landmarks of a text that is not read exactly. */
  landmarks: number;
  /** Texts of up to this many tokens are read with exact attention. */
  exactUpTo: number;
  /** Longer texts are cut after this many tokens. */
  maxTokens: number;
  /** Size of the WebAssembly memory, in bytes. */
  memory: number;
}

/** A loaded model. Calls may overlap: they take turns. */
export interface Classifier {
  /**
   * Reads one text.
   *
   * @example
   * const { label, score, tokens } = await classifier.classify('The tickets were dear, and worth it.');
   * console.log(`${label}, ${(100 * score).toFixed()} %, ${tokens} tokens`);
   *
   * @example Stopping a long text
   * const stop = new AbortController();
   * const reading = classifier.classify(longText, {
   *   signal: stop.signal,
   *   onProgress: ({ fraction }) => fraction > 0.2 && stop.abort(),
   * });
   * await reading.catch(({ name }) => console.log(name)); // AbortError
   */
  classify(text: string, options?: CallOptions): Promise<Classification>;
  /** Reads several texts; results come in their order. */
  classify(texts: readonly string[], options?: CallOptions): Promise<Classification[]>;
  /** The same where it is not known which of the two it is. */
  classify(texts: string | readonly string[], options?: CallOptions): Promise<Classification | Classification[]>;
  /**
   * Reads any number of texts, in order and in bounded memory: the source is asked for more only as results are taken.
   * The work is shared between workers, one for each batch of texts at most, which end with the iteration; with
   * `load({ worker: false })`, or where there are no workers, it runs in place. Leaving the iteration early closes the
   * source and does not wait for that.
   *
   * @example
   * async function* lines() {
   *   yield 'The soup was cold.';
   *   yield 'The bread was warm, and so was the waiter.';
   * }
   * for await (const { label } of classifier.classifyMany(lines())) console.log(label);
   */
  classifyMany(
    texts: Iterable<string> | AsyncIterable<string>,
    options?: ManyOptions,
  ): AsyncIterableIterator<Classification>;
  /**
   * Reads a text and says which parts of it speak for which label.
   *
   * @example
   * const { sentences, tokens, bias, logit } = await classifier.explain(longText);
   * const strongest = sentences.reduce((a, b) => (Math.abs(a.evidence) > Math.abs(b.evidence) ? a : b));
   * console.log(strongest.text, longText.slice(strongest.start, strongest.end) === strongest.text);
   * console.log(bias + tokens.reduce((sum, { evidence }) => sum + evidence, 0), logit);
   */
  explain(text: string, options?: CallOptions): Promise<Explanation>;
  /**
   * Reads the text once for each span, without it: what evidence says, checked from outside. Results come in order. The
   * shortened texts are all made at once, so give the thousand sentences of a book in parts.
   *
   * @example
   * const { logit } = await classifier.classify(longText);
   * const { sentences } = await classifier.explain(longText);
   * const without = await classifier.occlude(longText, sentences);
   * without.forEach((result, i) => console.log(sentences[i].evidence, logit - result.logit));
   */
  occlude(text: string, spans: readonly TextRange[], options?: CallOptions): Promise<Classification[]>;
  /**
   * A text's tokens, without a verdict.
   *
   * @example
   * const { ids, tokens } = await classifier.tokenize('Unputdownable 🚀');
   * tokens.forEach(({ text, start, end }, i) => console.log(ids[i], text, start, end));
   */
  tokenize(text: string): Promise<Tokens>;
  /**
   * Reads a text and shows what one attention head did with it.
   *
   * @example Which passage the middle of a text of more than 128 tokens looks at most
   * const { landmarks, tokens, weights } = await classifier.attention(longText, { layer: 0, head: 3 });
   * const row = Math.floor(weights.rows / 2);
   * const taken = weights.data.subarray(row * weights.columns, (row + 1) * weights.columns);
   * const { start, end } = landmarks[taken.indexOf(Math.max(...taken))];
   * console.log(longText.slice(tokens[start].start, tokens[end - 1].end));
   */
  attention(text: string, options: HeadOptions): Promise<Attention>;
  /**
   * The same for several heads in one reading, by layer and head.
   *
   * @example Small multiples
   * const heads = await classifier.attention(longText, { layer: 'all', head: 'all', bins: 64 });
   * console.log(heads.length, heads[0].weights.rows, heads[0].weights.columns);
   */
  attention(text: string, options: HeadsOptions): Promise<Attention[]>;
  info(): Promise<Info>;
  /**
   * Frees everything; calls that still run, and later ones, reject with `CLOSED`. What a first visit still writes into the
   * browser's cache ends with it: close a page's classifier when it is no longer needed, not at once.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
