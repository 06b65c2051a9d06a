// Long texts put together from reviews: of both kinds, and one alone among texts that have no opinion.
import { shuffled } from './statistics.mjs';

/** Reviews in an endless random order. */
function* drawn(rows, random) {
  if (rows.length === 0) throw new Error('there are too few rows to put texts together: raise --limit');
  while (true) yield* shuffled(rows, random);
}

/** Reviews of about so many tokens together. */
function collect(source, tokens) {
  const parts = [];
  for (let sum = 0; sum < tokens; ) {
    const { value } = source.next();
    parts.push(value);
    sum += value.tokens;
  }
  return parts;
}

/** `count` texts of about `tokens` tokens, 60 % of them of one label, in random order; the label is that of the most. */
export function mixed(rows, count, tokens, random) {
  const sources = [0, 1].map((label) =>
    drawn(
      rows.filter((row) => row.label === label),
      random,
    ),
  );
  return Array.from({ length: count }, (_, index) => {
    const label = index % 2;
    const parts = [...collect(sources[label], 0.6 * tokens), ...collect(sources[1 - label], 0.4 * tokens)];
    return {
      text: shuffled(parts, random)
        .map(({ text }) => text)
        .join('\n\n'),
      label,
    };
  });
}

/** Reviews at a share `place` of about `tokens` tokens of neutral text. */
export function buried(rows, neutral, count, tokens, place, random) {
  const source = drawn(neutral, random);
  return shuffled(rows, random)
    .slice(0, count)
    .map(({ text, label }) => {
      const before = collect(source, place * tokens);
      const after = collect(source, (1 - place) * tokens);
      return { text: [...before.map((row) => row.text), text, ...after.map((row) => row.text)].join('\n\n'), label };
    });
}

/** A text in pieces of about 512 tokens. */
export function windows(text, tokens) {
  const words = text.split(/(?<=\s)/);
  const pieces = Math.ceil(tokens / 480);
  return Array.from({ length: pieces }, (_, i) =>
    words.slice(Math.floor((i * words.length) / pieces), Math.floor(((i + 1) * words.length) / pieces)).join(''),
  );
}
