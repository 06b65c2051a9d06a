import { interpolateRgb, piecewise } from 'd3-interpolate';
import { interpolateCividis } from 'd3-scale-chromatic';

/** Attention is drawn up to this multiple of an even share; above it, as if it were that. */
export const clampAt = 8;

const levels = 256;

function channels(colour: string): number[] {
  return colour.match(/\d+/g)?.map(Number) ?? [];
}

/** Writes the colour of a value at pixel `index` of RGBA bytes. */
export type WriteColour = (pixels: Uint8ClampedArray, index: number, value: number) => void;

/** A scale's colours in 256 steps, from 0 to 1. */
export function writerOf(colour: (t: number) => string): WriteColour {
  const bytes = Uint8ClampedArray.from(
    Array.from({ length: levels }, (_, level) => [...channels(colour(level / (levels - 1))), 255]).flat(),
  );
  return (pixels, index, value) => {
    const level = Math.round(Math.min(Math.max(value, 0), 1) * (levels - 1));
    for (let channel = 0; channel < 4; channel++) pixels[index * 4 + channel] = bytes[level * 4 + channel];
  };
}

const writeCividis = writerOf(interpolateCividis);

/** The colour of `multiple` times an even share. */
export function writeAttentionColour(pixels: Uint8ClampedArray, index: number, multiple: number): void {
  writeCividis(pixels, index, multiple / clampAt);
}

/** A scale as a legend shows it. */
export function gradient(colour: (t: number) => string, stops: number): string {
  return `linear-gradient(to right, ${Array.from({ length: stops }, (_, i) => colour(i / (stops - 1))).join(', ')})`;
}

/** The legend of what writeAttentionColour draws. */
export const attentionGradient = gradient(interpolateCividis, 17);

/** From surely negative to surely positive. */
export const sentimentGradient = gradient(
  piecewise(interpolateRgb, ['#c2610c', '#e9b98c', '#b9bcc0', '#8fb4e2', '#1f62b4']),
  17,
);
