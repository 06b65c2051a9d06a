import type { TextRange, Token } from 'nystromformer';

/** From which multiples of an even share on a shade is one step stronger. */
export const limits = [1, 2, 4, 8, 16];

/** The marks of both signs, from weak to strong, as word.css has them. */
export const shades = (['less', 'more'] as const).flatMap((side) => limits.map((_, i) => `${side}-${i + 1}`));

/** The mark of a multiple of an even share; null for less than one. */
export function shadeOf(multiple: number): string | null {
  const step = limits.filter((limit) => Math.abs(multiple) >= limit).length;
  return step === 0 ? null : `${multiple < 0 ? 'less' : 'more'}-${step}`;
}

export interface ShadedRange extends TextRange {
  shade: string;
}

/** The shaded ranges of a text; `row` has a number for each token. Neighbours of one shade are one range. */
export function shadedRanges(row: Float32Array, tokens: readonly Token[]): ShadedRange[] {
  const ranges: ShadedRange[] = [];
  let last: string | null = null;
  tokens.forEach(({ start, end, special }, i) => {
    const shade = special ? null : shadeOf(row[i] * row.length);
    if (shade && shade === last) ranges[ranges.length - 1].end = end;
    else if (shade) ranges.push({ start, end, shade });
    last = shade;
  });
  return ranges;
}
