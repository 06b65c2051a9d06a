import type { EvidenceSpan, Explanation } from 'nystromformer';
import { lastFrom } from './ordered';

/** A sentence of the text, where it stands, and how hard it pulls. */
export interface Passage extends EvidenceSpan {
  /** Passages and tokens before it. */
  index: number;
  first: number;
  /** Evidence a token: positive pulls towards the second label. */
  pull: number;
}

/** The sentences that have tokens. */
export function passagesOf({ sentences }: Explanation): Passage[] {
  let first = 0;
  return sentences
    .filter(({ tokens }) => tokens > 0)
    .map((sentence, index) => {
      const passage = { ...sentence, index, first, pull: sentence.evidence / sentence.tokens };
      first += sentence.tokens;
      return passage;
    });
}

/** The strongest pull, against which others are drawn. */
export function strongestPull(passages: readonly Passage[]): number {
  return passages.reduce((most, { pull }) => Math.max(most, Math.abs(pull)), 0);
}

/** The passage that holds a token, counted from the first passage's. */
export function passageAt(passages: readonly Passage[], token: number): number {
  return lastFrom(passages, ({ first }) => first, token);
}

/** Passages by paragraph: one ends where a passage ends in a line break. */
export function paragraphsOfPassages(passages: readonly Passage[]): Passage[][] {
  const paragraphs: Passage[][] = [[]];
  for (const passage of passages) {
    paragraphs[paragraphs.length - 1].push(passage);
    if (/[\r\n]\s*$/.test(passage.text)) paragraphs.push([]);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** In log-odds: what one side’s sentences must add up to before they count as strong. */
const strong = 1.5;

/** What the verdict alone does not tell: that much speaks for either side, or nothing for any. */
export function balanceOf({ sentences, classification }: Explanation): string | null {
  const sum = (side: number) => sentences.reduce((total, { evidence }) => total + Math.max(0, side * evidence), 0);
  if (Math.min(sum(1), sum(-1)) >= strong) return 'with strong passages both ways';
  return classification.score < 0.6 ? 'weak evidence either way' : null;
}
