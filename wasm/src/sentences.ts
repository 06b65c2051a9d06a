import type { TextRange } from './types.js';

/** A longer sentence is cut again, in UTF-16 units. */
const longest = 512;

/** The sentences of a text, end to end, as Intl.Segmenter has them; an engine without it has pieces of bounded length. */
export function* sentencesOf(text: string): Generator<TextRange> {
  if (!('Segmenter' in Intl)) return yield* pieces(text, 0, text.length);
  for (const { index, segment } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text))
    yield* pieces(text, index, index + segment.length);
}

/** Cuts behind white space if there is any, never within a surrogate pair. */
function* pieces(text: string, start: number, end: number): Generator<TextRange> {
  while (end - start > longest) {
    const piece = text.slice(start, start + longest);
    const words = /^[\s\S]*\s/.exec(piece)?.[0].length;
    const cut = start + (words ?? (/[\ud800-\udbff]$/.test(piece) ? longest - 1 : longest));
    yield { start, end: cut };
    start = cut;
  }
  if (start < end) yield { start, end };
}
