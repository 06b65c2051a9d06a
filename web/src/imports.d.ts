// What web/plugins makes of files.

declare module '*.txt?verdict' {
  import type { EvidenceSpan, Explanation } from 'nystromformer';

  const built: {
    text: string;
    labels: string[];
    explanation: Omit<Explanation, 'tokens' | 'sentences'> & { sentences: Omit<EvidenceSpan, 'text'>[] };
    /** In bytes. */
    downloadSize: number;
  };
  export default built;
}

declare module '*/MODEL_CARD.md?card' {
  interface Score {
    set: string;
    result: string;
    n: string;
    /** Where the truth lies 95 times in 100. */
    interval: string;
  }

  const card: {
    scores: Score[];
    /** By how many points of 100 what it says misses what is so, and by how many chance alone would; over n texts. */
    calibration: { points: string; chance: string; n: string };
    /** How they were found. */
    how: string;
    limits: string[];
    /** Where the whole card is. */
    url: string;
  };
  export default card;
}
