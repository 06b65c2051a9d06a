import type { Paragraph } from '../paragraphs';
import { nameOfTokens } from '../passages';
import { relativeDifference } from '../relative-difference';
import { signed } from '../words';
import { nameOfToken } from './finding';
import { peakOf, type WordLook } from './look';

/** A part of the whole; parts may be negative. */
export function portion(share: number): string {
  return `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0).replace('-', '−')}\u00a0%`;
}

/** How exact attention, which looks most at `exactPeak`, compares with a row that is this far apart from it. */
function comparison(apart: number, peak: string, exactPeak: string): string {
  if (peak !== exactPeak) {
    return apart < 0.25
      ? `nearly as exact attention would, though that would look most at ${exactPeak}`
      : `otherwise than exact attention, which would look most at ${exactPeak}`;
  }
  if (apart >= 0.75) return 'and so would exact attention, though it weighs the other words otherwise';
  return `${apart < 0.25 ? 'nearly' : 'roughly'} as exact attention would`;
}

/** What is seen of a word, in one sentence. */
export function inPlainWords(text: string, sentences: readonly Paragraph[], look: WordLook): string {
  const { attention, tokens, passages, taken, landmarkRow, exactRow, localShare } = look;
  const word = nameOfTokens(text, attention.tokens, tokens, 40);
  const first = peakOf(taken);
  const passage = nameOfTokens(text, attention.tokens, passages[first], 60);
  const share = `${portion(localShare)} of what it takes in comes from its neighbours`;
  const peak = (row: Float32Array) => nameOfToken(text, sentences, attention.tokens, peakOf(row));
  if (!landmarkRow)
    return `${word} looked most at ${passage}, with ${portion(taken[first])} of its attention; ${share}.`;
  const compared = comparison(relativeDifference(landmarkRow, exactRow), peak(landmarkRow), peak(exactRow));
  const most = `of all landmarks it takes most from landmark ${first + 1}, ${passage} (with weight ${signed(taken[first])})`;
  return `${word} looked most at ${peak(landmarkRow)}, ${compared}; ${most}, and ${share}.`;
}
