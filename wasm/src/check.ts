import { NystromformerError } from './errors.js';

export function inputError(message: string): NystromformerError {
  return new NystromformerError('INPUT_INVALID', message);
}

/** A value as messages show it. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return `${value} (a ${typeof value})`;
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

export function checkText(value: unknown, argument: string): asserts value is string {
  if (typeof value !== 'string') throw inputError(`${argument} must be a string, not ${show(value)}`);
}

/** A string is refused too: its characters are hardly meant. */
export function checkIterable(value: unknown, argument: string): void {
  const iterable =
    typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
  if (!iterable) throw inputError(`${argument} must be an iterable or async iterable of strings, not ${show(value)}`);
}

export function checkInteger(value: unknown, argument: string, from: number, to: number): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < from || (value as number) > to) {
    throw inputError(`${argument} must be a whole number from ${from} to ${to}, not ${show(value)}`);
  }
}

/** A range of a text's UTF-16 units. */
export function checkSpan(value: unknown, argument: string, length: number): void {
  if (typeof value !== 'object' || value === null)
    throw inputError(`${argument} must be { start, end }, not ${show(value)}`);
  const { start, end } = value as { start?: unknown; end?: unknown };
  checkInteger(start, `${argument}.start`, 0, length);
  checkInteger(end, `${argument}.end`, start, length);
}

/** `own`: what the call takes beside signal and onProgress. Another name is a slip that would pass in silence. */
export function checkOptions(value: unknown, ...own: string[]): void {
  if (typeof value !== 'object' || value === null) throw inputError(`options must be an object, not ${show(value)}`);
  const { signal, onProgress } = value as { signal?: unknown; onProgress?: unknown };
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw inputError(`options.signal must be an AbortSignal, not ${show(signal)}`);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw inputError(`options.onProgress must be a function, not ${show(onProgress)}`);
  }
  const unknown = Object.keys(value).find((name) => ![...own, 'signal', 'onProgress'].includes(name));
  if (unknown !== undefined) throw inputError(`options.${unknown} is no option of this call`);
}
