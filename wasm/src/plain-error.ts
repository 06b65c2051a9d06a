import { type ErrorCode, NystromformerError } from './errors.js';

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error as it travels between worker and page. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  cause: Error | string | undefined;
}

export function toPlain(error: unknown): PlainError {
  if (!(error instanceof NystromformerError)) {
    return { code: 'ENGINE_FAILED', message: messageOf(error), cause: toCause(error) };
  }
  return { code: error.code, message: error.message, cause: toCause(error.cause) };
}

/** Errors can be cloned, other objects perhaps not. */
function toCause(cause: unknown): Error | string | undefined {
  return cause === undefined || cause instanceof Error ? cause : String(cause);
}

export function fromPlain({ code, message, cause }: PlainError): NystromformerError {
  return new NystromformerError(code, message, cause === undefined ? {} : { cause });
}
