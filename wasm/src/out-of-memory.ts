import { NystromformerError } from './errors.js';

/** `cause` is what the engine throws where an allocation fails; `fix` is a sentence without its full stop. */
export function outOfMemory(cause: RangeError, fix: string): NystromformerError {
  return new NystromformerError('OUT_OF_MEMORY', `Memory does not suffice (${cause.message}). ${fix}`, { cause });
}
