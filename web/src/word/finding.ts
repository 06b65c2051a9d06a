import type { TextRange, Token, TokenRange } from 'nystromformer';
import { lastFrom } from '../ordered';
import type { Paragraph } from '../paragraphs';
import { excerpt, nameOfTokens } from '../passages';

/** Words where a browser has no Intl.Segmenter. */
const letters = /[\p{L}\p{M}\p{N}]+/gu;

/** The words of a part of the text. */
export function wordsIn({ start, text }: Paragraph): TextRange[] {
  const found =
    'Segmenter' in Intl
      ? Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text))
          .filter(({ isWordLike }) => isWordLike)
          .map(({ index, segment }) => ({ index, length: segment.length }))
      : Array.from(text.matchAll(letters), ({ index, 0: word }) => ({ index, length: word.length }));
  return found.map(({ index, length }) => ({ start: start + index, end: start + index + length }));
}

/** The tokens that a word is read as. */
export function tokensOfWord(tokens: readonly Token[], word: TextRange): TokenRange {
  const start = tokens.findIndex((token) => token.end > word.start);
  let end = Math.max(start, 0);
  while (end < tokens.length && !tokens[end].special && tokens[end].start < word.end) end++;
  return { start: Math.max(start, 0), end };
}

/** All tokens of a text, those of the same word together. */
export function wordsOfTokens(sentences: readonly Paragraph[], tokens: readonly Token[]): TokenRange[] {
  const words = sentences.flatMap(wordsIn).map((word) => tokensOfWord(tokens, word));
  const ranges: TokenRange[] = [];
  for (const { start, end } of [...words, { start: tokens.length, end: tokens.length }]) {
    let next = ranges.at(-1)?.end ?? 0;
    for (; next < start; next++) ranges.push({ start: next, end: next + 1 });
    if (next < end) ranges.push({ start: next, end });
  }
  return ranges;
}

/** What a token is called: by its whole word, if it is of one. */
export function nameOfToken(
  text: string,
  sentences: readonly Paragraph[],
  tokens: readonly Token[],
  index: number,
): string {
  const { start, special } = tokens[index];
  const sentence = sentences[lastFrom(sentences, (part) => part.start, start)];
  const word = special ? undefined : wordsIn(sentence).find((range) => range.start <= start && start < range.end);
  return word ? `“${excerpt(text, word, 30)}”` : nameOfTokens(text, tokens, { start: index, end: index + 1 }, 30);
}
