import { type Classification, type ErrorCode, NystromformerError } from 'nystromformer';

/** Below this the verdict only leans. */
const sureFrom = 0.75;

/** A probability in per cent, to so many places, never rounded up to certainty. */
export function percent(probability: number, places = 0): string {
  const most = 100 - 10 ** -places;
  return `${Math.min(most, probability * 100).toFixed(places)} %`;
}

/** "Positive", or "Leans negative" where the network is not sure. */
export function verdictWords({ label, score }: Classification): string {
  const name = label ?? 'undecided';
  return score < sureFrom ? `Leans ${name}` : name.charAt(0).toUpperCase() + name.slice(1);
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** A size in megabytes, as downloads are told. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

export function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} s`;
}

/** A number with its sign, to two places. */
export function signed(value: number): string {
  const size = Math.abs(value).toFixed(2);
  return `${value < 0 && Number(size) > 0 ? '−' : '+'}${size}`;
}

/** A multiple of an even share. */
export function multiple(value: number): string {
  return `${value < 10 ? value.toFixed(value < 0.1 ? 2 : 1) : value.toFixed(0)}×`;
}

/** What went wrong, for the person at the page. */
export interface Problem {
  title: string;
  detail: string;
}

const titles: Record<ErrorCode, string> = {
  MODEL_NOT_FOUND: 'The network could not be fetched.',
  MODEL_INVALID: 'The network arrived damaged.',
  MODEL_INTEGRITY: 'The network arrived damaged.',
  WASM_NOT_FOUND: 'The program that runs the network could not be fetched.',
  WASM_UNSUPPORTED: 'This browser is too old to run the network.',
  INPUT_INVALID: 'This text could not be read.',
  OUT_OF_MEMORY: 'This device has too little memory for a text of this length.',
  ENGINE_FAILED: 'The network stopped unexpectedly.',
  CLOSED: 'The network was closed.',
};

export function problemOf(error: unknown): Problem {
  if (error instanceof NystromformerError) return { title: titles[error.code], detail: error.message };
  return { title: 'Something went wrong that this page did not expect.', detail: String(error) };
}
