import type { Classification, Explanation } from 'nystromformer';

// Fixed on ten English texts and ten in other languages, written for this: the former have 1.0 to 1.8 pieces a word but for a
// doctor's letter (2.9), the latter 1.5 to 10.5. Names and terms of a trade are rare words too, and the doubt is as good.
const mostPieces = 1.5;
const mostUnknown = 0.1;
const fewestWords = 5;

/** Why not to rely on a verdict, as far as the verdict alone can tell. */
export function doubtOfVerdict({ tokens, unknownTokens }: Classification): string | null {
  if (unknownTokens <= mostUnknown * tokens) return null;
  return `The network does not know ${unknownTokens} of these ${tokens} tokens.`;
}

/** Why not to rely on a verdict, if the text is not what the network learned to read. */
export function doubtOf({ tokens, classification }: Explanation): string | null {
  const doubt = doubtOfVerdict(classification);
  if (doubt) return doubt;
  const letters = tokens.filter(({ text, special }) => !special && /[\p{L}\p{N}]/u.test(text));
  // A piece that starts where the last one ended goes on with its word.
  const words = letters.filter(({ start }, i) => i === 0 || start > letters[i - 1].end).length;
  if (words < fewestWords || letters.length <= mostPieces * words) return null;
  return `Many of these words are strange to the network: it reads them in ${(letters.length / words).toFixed(1)} pieces each.`;
}
