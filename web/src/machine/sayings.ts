import { multiple, signed } from '../words';

/** A cell of F, `times` an even share. */
export function draws(token: string, landmark: string, times: number): string {
  return `${token} draws ${multiple(times)} an even share from ${landmark}`;
}

/** Of B. */
export function gathers(landmark: string, token: string, times: number): string {
  return `${landmark} gathers ${multiple(times)} an even share from ${token}`;
}

/** Of A, or of exact attention. */
export function looks(who: string, atWhat: string, times: number): string {
  return `${who} looks at ${atWhat} with ${multiple(times)} an even share`;
}

/** Of Z. */
export function between(landmark: string, other: string, value: number): string {
  return `Between ${landmark} and ${other}: ${signed(value)}`;
}
