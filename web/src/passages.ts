import type { TextRange, Token, TokenRange } from 'nystromformer';

/** The part of the text that a run of tokens covers; null if it holds special tokens alone. */
export function spanOfTokens(tokens: readonly Token[], range: TokenRange): TextRange | null {
  let first = range.start;
  let last = range.end - 1;
  while (first <= last && tokens[first].special) first++;
  while (last >= first && tokens[last].special) last--;
  return first > last ? null : { start: tokens[first].start, end: tokens[last].end };
}

const longestWord = 30;

/** Where the word begins that goes on at `start`; `start` itself in scripts that do not part words. */
function wordStart(text: string, start: number): number {
  const before = text.slice(Math.max(0, start - longestWord), start);
  const begun = /^[\p{L}\p{N}]/u.test(text.slice(start)) ? (/[\p{L}\p{N}\p{M}]*$/u.exec(before)?.[0].length ?? 0) : 0;
  return begun === longestWord ? start : start - begun;
}

/** The first words of a part of the text, the first one whole, on one line and in at most `limit` characters. */
export function excerpt(text: string, span: TextRange, limit: number): string {
  const line = text
    .slice(wordStart(text, span.start), Math.min(span.end, span.start + 4 * limit))
    .replace(/\s+/g, ' ')
    .replace(/^[\s\p{P}]+(?=[^\s\p{P}])/u, '')
    .trim();
  const characters = Array.from(line);
  if (characters.length <= limit) return line;
  const cut = characters.slice(0, limit - 1).join('');
  const space = cut.lastIndexOf(' ');
  const whole = space > limit / 2 ? cut.slice(0, space) : cut;
  return `${whole.replace(/[\s\p{P}]+$/u, '')}…`;
}

/** What a run of tokens is called in a sentence. */
export function nameOfTokens(text: string, tokens: readonly Token[], range: TokenRange, limit: number): string {
  const span = spanOfTokens(tokens, range);
  return span ? `“${excerpt(text, span, limit)}”` : range.start === 0 ? 'the start mark' : 'the end mark';
}
