import type { EvidenceSpan, Explanation } from 'nystromformer';
import { lastFrom } from './ordered';

/** A sentence of the text, where it stands, and how hard it pulls. */
export interface Sentence extends EvidenceSpan {
  /** Sentences and tokens before it. */
  index: number;
  first: number;
  /** Evidence a token: positive pulls towards the second label. */
  pull: number;
}

/** The sentences that have tokens. */
export function sentencesOf({ sentences }: Explanation): Sentence[] {
  let first = 0;
  return sentences
    .filter(({ tokens }) => tokens > 0)
    .map((sentence, index) => {
      const placed = { ...sentence, index, first, pull: sentence.evidence / sentence.tokens };
      first += sentence.tokens;
      return placed;
    });
}

/** The strongest pull, against which others are drawn. */
export function strongestPull(sentences: readonly Sentence[]): number {
  return sentences.reduce((most, { pull }) => Math.max(most, Math.abs(pull)), 0);
}

/** Less evidence than this is shown as none. */
export const noticeable = 0.005;

/** The sentence with most evidence for a side, 1 or −1; null if none has any that is noticeable. */
export function hardestTowards(sentences: readonly Sentence[], side: number): Sentence | null {
  const most = (one: Sentence | null, other: Sentence) =>
    side * other.evidence > Math.max(noticeable, side * (one?.evidence ?? 0)) ? other : one;
  return sentences.reduce<Sentence | null>(most, null);
}

/** The sentence that holds a token, counted from the first sentence's. */
export function sentenceAt(sentences: readonly Sentence[], token: number): number {
  return lastFrom(sentences, ({ first }) => first, token);
}

/** Sentences by paragraph: one ends where a sentence ends in a line break. */
export function paragraphsOfSentences(sentences: readonly Sentence[]): Sentence[][] {
  const paragraphs: Sentence[][] = [[]];
  for (const sentence of sentences) {
    paragraphs[paragraphs.length - 1].push(sentence);
    if (/[\r\n]\s*$/.test(sentence.text)) paragraphs.push([]);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** In log-odds: what one side’s sentences must add up to before they count as strong; alone, a verdict of 88 %. */
const strong = 2;

/** What the verdict alone does not tell: that much speaks for either side, or nothing for any. */
export function balanceOf({ sentences, classification }: Explanation): string | null {
  const sum = (side: number) => sentences.reduce((total, { evidence }) => total + Math.max(0, side * evidence), 0);
  if (Math.min(sum(1), sum(-1)) >= strong) return 'with strong passages both ways';
  return classification.score < 0.6 ? 'weak evidence either way' : null;
}
