import { checkInteger, checkIterable, checkOptions, checkSpan, checkText, inputError, show } from './check.js';
import type { Connection } from './connection.js';
import { closed } from './errors.js';
import { classifyMany } from './many.js';
import type { Calls, EngineInfo } from './protocol.js';
import type {
  Attention,
  CallOptions,
  Classification,
  Classifier,
  Explanation,
  HeadOptions,
  HeadsOptions,
  Info,
  ManyOptions,
  TextRange,
  Tokens,
} from './types.js';
import { watched } from './watched.js';

/** Checks what is asked, and keeps track of calls so that closing ends them. */
export class ConnectedClassifier implements Classifier {
  readonly #connection: Connection;
  readonly #info: EngineInfo;
  readonly #closing = new AbortController();

  constructor(connection: Connection, info: EngineInfo) {
    this.#connection = connection;
    this.#info = info;
  }

  classify(text: string, options?: CallOptions): Promise<Classification>;
  classify(texts: readonly string[], options?: CallOptions): Promise<Classification[]>;
  classify(texts: string | readonly string[], options?: CallOptions): Promise<Classification | Classification[]>;
  async classify(
    input: string | readonly string[],
    options: CallOptions = {},
  ): Promise<Classification | Classification[]> {
    checkOptions(options);
    if (!Array.isArray(input)) {
      if (typeof input !== 'string')
        throw inputError(`text must be a string or an array of strings, not ${show(input)}`);
      const results = await this.#call('classify', { texts: [input] }, options);
      return results[0] as Classification;
    }
    const texts = [...input];
    for (const [index, text] of texts.entries()) checkText(text, `texts[${index}]`);
    return this.#call('classify', { texts }, options);
  }

  classifyMany(
    texts: Iterable<string> | AsyncIterable<string>,
    options: ManyOptions = {},
  ): AsyncIterableIterator<Classification> {
    checkIterable(texts, 'texts');
    if ((options as CallOptions | null)?.onProgress !== undefined)
      throw inputError('classifyMany has no options.onProgress: count its results');
    checkOptions(options, 'workers');
    const { signal, workers } = options;
    if (workers !== undefined) checkInteger(workers, 'options.workers', 1, 64);
    return classifyMany(texts, this.#connection.pool(workers), [this.#closing.signal, signal]);
  }

  attention(text: string, options: HeadOptions): Promise<Attention>;
  attention(text: string, options: HeadsOptions): Promise<Attention[]>;
  async attention(text: string, options: HeadOptions | HeadsOptions): Promise<Attention | Attention[]> {
    checkText(text, 'text');
    checkOptions(options, 'layer', 'head', 'bins', 'landmarks', 'exactRows');
    const { layer, head, landmarks = 0, exactRows = [] } = options as HeadOptions;
    const index = (value: number | 'all', name: string, count: number) => {
      if (value !== 'all') checkInteger(value, `options.${name}`, 0, count - 1);
      return value === 'all' ? null : value;
    };
    const wanted = { layer: index(layer, 'layer', this.#info.layers), head: index(head, 'head', this.#info.heads) };
    const one = wanted.layer !== null && wanted.head !== null;
    const bins = one && options.bins === undefined ? 0 : options.bins;
    checkInteger(bins, 'options.bins', one ? 0 : 1, 4096);
    checkInteger(landmarks, 'options.landmarks', 0, one ? 512 : 0);
    if (!Array.isArray(exactRows)) throw inputError(`options.exactRows must be an array, not ${show(exactRows)}`);
    for (const [i, row] of exactRows.entries())
      checkInteger(row, `options.exactRows[${i}]`, 0, this.#info.maxTokens - 1);
    checkInteger(exactRows.length, 'the number of options.exactRows', 0, one ? 64 : 0);
    const request = { ...wanted, bins, landmarks, exactRows: Uint32Array.from(exactRows) };
    const traces = await this.#call('attention', { text, request }, options);
    return one ? (traces[0] as Attention) : traces;
  }

  async explain(text: string, options: CallOptions = {}): Promise<Explanation> {
    checkText(text, 'text');
    checkOptions(options);
    return this.#call('explain', { text }, options);
  }

  async occlude(text: string, spans: readonly TextRange[], options: CallOptions = {}): Promise<Classification[]> {
    checkText(text, 'text');
    checkOptions(options);
    if (!Array.isArray(spans)) throw inputError(`spans must be an array of ranges, not ${show(spans)}`);
    for (const [index, span] of spans.entries()) checkSpan(span, `spans[${index}]`, text.length);
    const texts = spans.map(({ start, end }) => text.slice(0, start) + text.slice(end));
    return this.#call('classify', { texts }, options);
  }

  async tokenize(text: string): Promise<Tokens> {
    checkText(text, 'text');
    return this.#call('tokenize', { text }, {});
  }

  async info(): Promise<Info> {
    const info = await this.#call('info', null, {});
    return { ...info, worker: this.#connection.worker };
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(closed());
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #call<Name extends Exclude<keyof Calls, 'load'>>(
    name: Name,
    args: Calls[Name]['arguments'],
    options: CallOptions,
  ): Promise<Calls[Name]['result']> {
    return watched([this.#closing.signal, options.signal], options.onProgress, async (watch) => {
      const backend = await this.#connection.get();
      return backend.call(name, args, watch);
    });
  }
}
