/** What went wrong; the message names the file, URL or argument and the fix. */
export type ErrorCode =
  | 'MODEL_NOT_FOUND'
  | 'MODEL_INVALID'
  | 'MODEL_INTEGRITY'
  | 'WASM_NOT_FOUND'
  | 'WASM_UNSUPPORTED'
  | 'INPUT_INVALID'
  | 'OUT_OF_MEMORY'
  | 'ENGINE_FAILED'
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
