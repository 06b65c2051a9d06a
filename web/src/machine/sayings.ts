import { multiple, signed } from '../words';

// What a cell of a matrix says; `times` is in even shares.

/** F. */
export function draws(token: string, times: number, landmark: string): string {
  return `${token} draws ${multiple(times)} an even share from ${landmark}`;
}

/** B. */
export function gathers(landmark: string, times: number, token: string): string {
  return `${landmark} gathers ${multiple(times)} an even share from ${token}`;
}

/** A, or exact attention. */
export function looks(who: string, atWhat: string, times: number): string {
  return `${who} looks at ${atWhat} with ${multiple(times)} an even share`;
}

/** Z. */
export function between(landmark: string, other: string, value: number): string {
  return `Between ${landmark} and ${other}: ${signed(value)}`;
}
