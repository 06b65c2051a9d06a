/** Texts as they enter the core: laid end to end, lone surrogates and all. */
export interface Units {
  units: Uint16Array;
  lengths: Uint32Array;
}

export function toUnits(texts: readonly string[]): Units {
  const lengths = Uint32Array.from(texts, (text) => text.length);
  const units = new Uint16Array(lengths.reduce((sum, length) => sum + length, 0));
  let next = 0;
  for (const text of texts) {
    for (let i = 0; i < text.length; ++i) units[next++] = text.charCodeAt(i);
  }
  return { units, lengths };
}

const maxBatchUnits = 65_536;
const maxBatchTexts = 256;

/** Cuts many texts into batches of bounded size; a text that is longer is a batch of its own. */
export function* batchesOf(texts: readonly string[]): Generator<readonly string[]> {
  let start = 0;
  let units = 0;
  for (let i = 0; i < texts.length; ++i) {
    const length = (texts[i] as string).length;
    if (i > start && (units + length > maxBatchUnits || i - start === maxBatchTexts)) {
      yield texts.slice(start, i);
      start = i;
      units = 0;
    }
    units += length;
  }
  if (start < texts.length) yield texts.slice(start);
}
