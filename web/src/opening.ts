import built from './examples/film.txt?verdict';
import type { Verdict } from './session.svelte';

const { text, labels, downloadSize, explanation } = built;

/** The text that the page opens with, and what the network said of it when the page was built. */
export const opening: { verdict: Verdict; labels: string[]; downloadSize: number } = {
  labels,
  downloadSize,
  verdict: {
    text,
    result: explanation.classification,
    // Nothing that is shown before the network is here asks for tokens.
    explanation: {
      ...explanation,
      tokens: [],
      sentences: explanation.sentences.map((sentence) => ({
        ...sentence,
        text: text.slice(sentence.start, sentence.end),
      })),
    },
    milliseconds: null,
  },
};
