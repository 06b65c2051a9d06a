import type { TextRange } from 'nystromformer';
import { lastFrom } from './ordered';

/** A line of the text and where it starts in it. */
export interface Paragraph {
  start: number;
  text: string;
}

/** The lines of a text that are not blank. */
export function paragraphsOf(text: string): Paragraph[] {
  return Array.from(text.matchAll(/[^\r\n]*\S[^\r\n]*/g), (match) => ({ start: match.index, text: match[0] }));
}

/** A place among paragraphs: in which one, and how many UTF-16 units into it. */
interface Place {
  paragraph: number;
  offset: number;
}

function placeOf(paragraphs: readonly Paragraph[], offset: number): Place {
  const paragraph = lastFrom(paragraphs, ({ start }) => start, offset);
  const within = offset - paragraphs[paragraph].start;
  return { paragraph, offset: Math.min(Math.max(within, 0), paragraphs[paragraph].text.length) };
}

/** The DOM range of a part of the text, when `nodes[i]` is the text node of `paragraphs[i]`. */
export function rangeOf(paragraphs: readonly Paragraph[], nodes: readonly Node[], span: TextRange): Range {
  const start = placeOf(paragraphs, span.start);
  const end = placeOf(paragraphs, span.end);
  const range = document.createRange();
  range.setStart(nodes[start.paragraph], start.offset);
  range.setEnd(nodes[end.paragraph], end.offset);
  return range;
}
