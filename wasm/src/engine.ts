import type { Model } from 'nystrom-bindings';
import type { ModelAssets } from './assets.js';
import { AttentionJob } from './attention-job.js';
import { keep } from './browser-cache.js';
import { ClassifyJob } from './classify-job.js';
import { Core } from './core.js';
import { NystromformerError } from './errors.js';
import { ExplainJob } from './explain-job.js';
import type { Backend, Calls, EngineInfo, LoadArguments, Watch } from './protocol.js';
import { type OpenFile, type ReadRequest, readFiles } from './read.js';
import { Scheduler } from './scheduler.js';
import { toTokens } from './text-job.js';
import { toUnits } from './texts.js';
import type { LoadProgress, ModuleName, Tokens } from './types.js';

type CallName = Exclude<keyof Calls, 'load'>;

type Handlers = {
  [Name in CallName]: (
    args: Calls[Name]['arguments'],
    watch: Watch<Calls[Name]['progress']>,
  ) => Promise<Calls[Name]['result']>;
};

/** A model that works in this thread. */
export class Engine implements Backend {
  readonly #core: Core;
  readonly #model: Model;
  readonly #module: ModuleName;
  readonly #maxTokens: number;
  readonly #scheduler = new Scheduler();
  readonly #handlers: Handlers = {
    classify: ({ texts }, watch) =>
      this.#scheduler.run(() => new ClassifyJob(this.#core, this.#model, this.#maxTokens, texts), watch),
    attention: (args, watch) =>
      this.#scheduler.run(() => new AttentionJob(this.#core, this.#model, this.#maxTokens, args), watch),
    explain: (args, watch) =>
      this.#scheduler.run(() => new ExplainJob(this.#core, this.#model, this.#maxTokens, args), watch),
    tokenize: async ({ text }) => this.#tokenize(text),
    info: async () => this.info(),
  };

  private constructor(core: Core, model: Model, { wasm, maxTokens }: LoadArguments) {
    this.#core = core;
    this.#model = model;
    this.#module = wasm.module;
    this.#maxTokens = maxTokens;
  }

  static async load(
    args: LoadArguments,
    openFile: OpenFile,
    { signal, onProgress }: Watch<LoadProgress>,
  ): Promise<Engine> {
    const { config, tokenizer, weights } = args.model;
    let core!: Core;
    const instantiate = async (bytes: Uint8Array) => {
      core = await Core.instantiate(args.wasm, bytes);
    };
    const requests: ReadRequest[] = [
      { asset: args.wasm.file, part: 'wasm', use: instantiate },
      ...[config, tokenizer, weights].map((asset) => ({ asset, part: 'model' as const })),
    ];
    const files = await readFiles(requests, { openFile, signal, onProgress });
    signal.throwIfAborted();
    const [, ...modelBytes] = files.map(({ bytes }) => bytes);
    const model = loadModel(core, args.model, modelBytes as [Uint8Array, Uint8Array, Uint8Array]);
    // Not before: writing 14 MB takes time from a processor that somebody waits for.
    files.forEach(({ bytes, kept }, i) => {
      if (!kept) void keep((requests[i] as ReadRequest).asset, bytes);
    });
    return new Engine(core, model, args);
  }

  get failed(): boolean {
    return this.#core.failed;
  }

  call<Name extends CallName>(name: Name, args: Calls[Name]['arguments'], watch: Watch<Calls[Name]['progress']>) {
    return this.#handlers[name](args, watch);
  }

  info(): EngineInfo {
    return this.#core.use((bindings) => ({
      ...this.#model.info(),
      module: this.#module,
      maxTokens: this.#maxTokens,
      memory: bindings.memorySize(),
    }));
  }

  #tokenize(text: string): Tokens {
    return this.#core.use(() => {
      const { units, lengths } = toUnits([text]);
      const { ids, spans, ...rest } = this.#model.tokenize(units, lengths, this.#maxTokens);
      return { ids, tokens: toTokens(this.#model, text, ids, spans), ...rest };
    });
  }

  close(): void {
    this.#scheduler.stop(new NystromformerError('CLOSED', 'The classifier was closed'));
    this.#core.free(this.#model);
  }
}

function loadModel(
  core: Core,
  { folder }: ModelAssets,
  [config, tokenizer, weights]: [Uint8Array, Uint8Array, Uint8Array],
): Model {
  try {
    return core.use((bindings) => bindings.loadModel(config, tokenizer, weights));
  } catch (error) {
    if (!(error instanceof NystromformerError) || error.code !== 'MODEL_INVALID' || folder === null) throw error;
    throw new NystromformerError(error.code, `${error.message} (model folder ${folder})`);
  }
}
