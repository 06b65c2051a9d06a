import type { CallOptions, Classification, Classifier, EvidenceSpan, Explanation } from 'nystromformer';
import { sentencesOf } from './evidence';

/** What the network says of a text without one of its sentences. */
export interface Without {
  sentence: EvidenceSpan;
  result: Classification;
}

/** How many sentences are left out, one at a time. */
const mostTried = 8;

function strongest(sentences: readonly EvidenceSpan[]): EvidenceSpan[] {
  return [...sentences].sort((a, b) => Math.abs(b.evidence) - Math.abs(a.evidence)).slice(0, mostTried);
}

/**
 * Reads a text without each of its strongest sentences, and gives what came of it, the largest change first. None without
 * which nothing is left to read.
 */
export async function leaveOut(
  classifier: Classifier,
  text: string,
  explanation: Explanation,
  options: CallOptions,
): Promise<Without[]> {
  const sentences = strongest(sentencesOf(explanation));
  const results = await classifier.occlude(text, sentences, options);
  const change = ({ result: { logit } }: Without) => Math.abs(logit - explanation.logit);
  return results
    .map((result, i) => ({ sentence: sentences[i], result }))
    .filter(({ result }) => !result.empty)
    .sort((a, b) => change(b) - change(a));
}
