/** What went wrong; the message names the file, URL or argument and the fix. */
export type ErrorCode =
  /** `load`: a file of the model could not be read. */
  | 'MODEL_NOT_FOUND'
  /** `load`: a file of the model is no model of this kind, or is damaged. */
  | 'MODEL_INVALID'
  /** `load`: a file of this package's model holds other bytes than it should. */
  | 'MODEL_INTEGRITY'
  /** `load`: the WebAssembly module could not be read, or holds other bytes than it should. */
  | 'WASM_NOT_FOUND'
  /** `load`: the engine runs none of the WebAssembly modules. */
  | 'WASM_UNSUPPORTED'
  /** Any call: an argument or option is not what the types and their descriptions allow. */
  | 'INPUT_INVALID'
  /** Any call: there is not enough memory for the model or for a text of this length. */
  | 'OUT_OF_MEMORY'
  /** Any call: the worker could not start, or broke down; the next call starts another one. */
  | 'ENGINE_FAILED'
  /** Any call after `close`, and those that it ended. */
  | 'CLOSED';

/** The only error of this package; a signal's reason for an abort and what `onProgress` throws are passed on. */
export class NystromformerError extends Error {
  override readonly name = 'NystromformerError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export function closed(): NystromformerError {
  return new NystromformerError('CLOSED', 'The classifier was closed: load another one');
}
