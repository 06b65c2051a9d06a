import createBindings, { type Bindings } from 'nystrom-bindings';
import type { WasmAsset } from './assets.js';
import { locationOf } from './content.js';
import { type ErrorCode, NystromformerError } from './errors.js';
import { outOfMemory } from './out-of-memory.js';
import { messageOf } from './plain-error.js';

const lessText = 'Classify shorter texts, or load with a smaller maxTokens';

/** The C++ core as a WebAssembly instance, and what it throws as this package's errors. */
export class Core {
  /** Something broke inside WebAssembly: what its memory holds can't be trusted. */
  failed = false;
  readonly #bindings: Bindings;

  private constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /** Compiles `bytes`, which were read from `asset`. */
  static async instantiate(asset: WasmAsset, bytes: Uint8Array): Promise<Core> {
    const location = locationOf(asset.file);
    if (!isWasm(bytes)) {
      throw new NystromformerError(
        'WASM_NOT_FOUND',
        `${location} is not a WebAssembly module. Serve the package's own file there`,
      );
    }
    try {
      const module = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
      return new Core(await create(module));
    } catch (error) {
      if (error instanceof RangeError) throw outOfMemory(error, lessText);
      throw new NystromformerError(
        'WASM_NOT_FOUND',
        `${location} is damaged or of another version of this package (${messageOf(error)})`,
        { cause: error },
      );
    }
  }

  /** Runs `work` with the bindings; throws a NystromformerError if it fails. */
  use<Result>(work: (bindings: Bindings) => Result): Result {
    if (this.failed)
      throw new NystromformerError('ENGINE_FAILED', 'The WebAssembly module stopped working before this call');
    try {
      return work(this.#bindings);
    } catch (error) {
      if (isBindingError(error) && error.code !== 'UNKNOWN') throw new NystromformerError(error.code, error.message);
      if (error instanceof RangeError && /alloc|memory|length/i.test(error.message)) throw outOfMemory(error, lessText);
      this.failed = true;
      const cause = isBindingError(error) ? new Error(error.message) : error;
      throw new NystromformerError(
        'ENGINE_FAILED',
        `The WebAssembly module stopped working (${messageOf(cause)}); the next call starts a new one`,
        { cause },
      );
    }
  }

  /** Frees an object of the core. */
  free(object: { delete(): void }): void {
    if (!this.failed) object.delete();
  }
}

function create(module: WebAssembly.Module): Promise<Bindings> {
  return new Promise((resolve, reject) => {
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) => {
      WebAssembly.instantiate(module, imports)
        .then((instance) => receive(instance, module))
        .catch(reject);
      return {};
    };
    createBindings({ instantiateWasm }).then(resolve, reject);
  });
}

function isWasm(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
}

function isBindingError(error: unknown): error is { code: ErrorCode | 'UNKNOWN'; message: string } {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'message' in error
  );
}
