import { expect, test } from '@playwright/test';
import { binOfToken, binTokens, columnsFor, tokensOfBin } from '../../web/src/binning';
import { paragraphsOf } from '../../web/src/paragraphs';
import { excerpt, nameOfTokens, spanOfTokens } from '../../web/src/passages';

test('bins are as even as whole tokens allow and cover every token once', () => {
  for (const [n, width] of [
    [1, 300],
    [150, 300],
    [151, 300],
    [799, 300],
    [262_144, 1000],
  ]) {
    const bins = columnsFor(n, width);
    expect(bins).toBe(Math.min(n, width / 2));
    let next = 0;
    for (let bin = 0; bin < bins; bin++) {
      const { start, end } = tokensOfBin(bin, bins, n);
      expect(start).toBe(next);
      expect([Math.floor(n / bins), Math.ceil(n / bins)]).toContain(end - start);
      expect(binOfToken(start, bins, n)).toBe(bin);
      expect(binOfToken(end - 1, bins, n)).toBe(bin);
      next = end;
    }
    expect(next).toBe(n);
  }
});

test('a binned cell is the mean over its tokens, rows and columns exchanged', () => {
  const data = Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 6, 60);
  const grid = binTokens({ rows: 5, columns: 2, data }, 2);
  expect(grid).toMatchObject({ rows: 2, columns: 2 });
  expect(Array.from(grid.data)).toEqual([1.5, expect.closeTo(13 / 3, 6), 15, expect.closeTo(130 / 3, 5)]);
});

test('passages leave special tokens out', () => {
  const text = 'One, two';
  const tokens = [
    { text: '[CLS]', start: 0, end: 0, special: true },
    { text: 'One', start: 0, end: 3, special: false },
    { text: ',', start: 3, end: 4, special: false },
    { text: 'two', start: 5, end: 8, special: false },
    { text: '[SEP]', start: 8, end: 8, special: true },
  ];
  expect(spanOfTokens(tokens, { start: 0, end: 2 })).toEqual({ start: 0, end: 3 });
  expect(spanOfTokens(tokens, { start: 3, end: 5 })).toEqual({ start: 5, end: 8 });
  expect(spanOfTokens(tokens, { start: 4, end: 5 })).toBeNull();
  expect(nameOfTokens(text, tokens, { start: 0, end: 1 }, 20)).toBe('the start mark');
  expect(nameOfTokens(text, tokens, { start: 2, end: 5 }, 20)).toBe('“two”');
  expect(nameOfTokens(text, tokens, { start: 2, end: 3 }, 20)).toBe('“,”');
});

test('an excerpt is one line, cut between words', () => {
  const text = 'The tide\n\n goes out, further than anyone can remember';
  expect(excerpt(text, { start: 0, end: 19 }, 40)).toBe('The tide goes out');
  expect(excerpt(text, { start: 0, end: text.length }, 24)).toBe('The tide goes out…');
  expect(excerpt('and she’s humming', { start: 12, end: 17 }, 40)).toBe('humming');
  expect(excerpt('👋'.repeat(50), { start: 0, end: 100 }, 10)).toBe(`${'👋'.repeat(9)}…`);
});

test('paragraphs know where they start', () => {
  const text = 'One\r\n\r\n  \nTwo three\n';
  expect(paragraphsOf(text)).toEqual([
    { start: 0, text: 'One' },
    { start: text.indexOf('Two'), text: 'Two three' },
  ]);
});
