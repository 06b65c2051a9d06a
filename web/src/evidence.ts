import type { EvidenceSpan, Explanation } from 'nystromformer';

/** A sentence of the text, where it stands among the tokens, and how hard it pulls. */
export interface Passage extends EvidenceSpan {
  /** Tokens before it, and its own. */
  first: number;
  tokens: number;
  /** Evidence a token: positive pulls towards the second label. */
  pull: number;
}

/** The sentences that have tokens. */
export function passagesOf({ tokens, sentences }: Explanation): Passage[] {
  const words = tokens.filter(({ special }) => !special);
  const passages: Passage[] = [];
  let first = 0;
  for (const sentence of sentences) {
    let next = first;
    while (next < words.length && words[next].start < sentence.end) next++;
    const count = next - first;
    if (count > 0) passages.push({ ...sentence, first, tokens: count, pull: sentence.evidence / count });
    first = next;
  }
  return passages;
}

/** The strongest pull, against which others are drawn. */
export function strongestPull(passages: readonly Passage[]): number {
  return passages.reduce((most, { pull }) => Math.max(most, Math.abs(pull)), 0);
}

/** The passage that holds the token at a share of the text, by halving. */
export function passageAt(passages: readonly Passage[], share: number): number {
  const { first, tokens } = passages[passages.length - 1];
  const token = share * (first + tokens);
  let low = 0;
  let high = passages.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (passages[middle].first <= token) low = middle;
    else high = middle - 1;
  }
  return low;
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
