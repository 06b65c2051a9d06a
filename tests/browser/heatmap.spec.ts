import { expect, test } from '@playwright/test';
import { load, modelOfIds } from '../package/support.mjs';
import { type GoldenMatrix, type GoldenTrace, ids, traces } from './golden';
import { chooseHead, classify, openPage, readCell, serveTinyModel, textOf, textOfIds } from './open-page';

/** The text of n tokens of which the float64 twin traced every head, and these traces. */
function traced(n: number): { text: string; heads: GoldenTrace[] } {
  return { text: textOfIds(ids[n - 1]), heads: traces.filter((trace) => trace.n === n) };
}

/** Some of the cells of a map, spread over rows and columns. */
function someCells(rows: number, columns: number, howMany: number): { row: number; column: number }[] {
  return Array.from({ length: howMany }, (_, i) => ({ row: (i * 5 + 3) % rows, column: (i * 37 + 1) % columns }));
}

/** The mean of a golden matrix's column over the tokens of one bin. */
function binned({ rows: n, columns, values }: GoldenMatrix, column: number, bin: number, bins: number): number {
  const tokens = Array.from({ length: n }, (_, token) => token).filter(
    (token) => token >= Math.floor((bin * n) / bins) && token < Math.floor(((bin + 1) * n) / bins),
  );
  return tokens.reduce((sum, token) => sum + values[token * columns + column], 0) / tokens.length;
}

test.beforeEach(async ({ page }) => {
  await serveTinyModel(page);
  await openPage(page);
});

for (const n of [20, 300]) {
  test(`${n} tokens: cells say what the float64 twin says, in every head`, async ({ page }) => {
    const { text, heads } = traced(n);
    await classify(page, text);
    for (const { layer, head, F } of heads) {
      await chooseHead(page, layer, head);
      const bins = Number(await page.getByTestId('heatmap').getAttribute('data-columns'));
      expect(bins < n).toBe(n === 300);
      for (const { row, column } of someCells(F.columns, bins, 16)) {
        const cell = await readCell(page, row, column);
        expect(cell).toMatchObject({ row, column });
        expect(Math.abs(cell.value - binned(F, row, column, bins))).toBeLessThan(1e-4);
      }
    }
  });
}

test('asked for, the verdict of exact attention, the package’s, and whether it is the same', async ({ page }) => {
  const exactly = await load({ model: modelOfIds('tiny-model', { exact_up_to: 65_536 }) });
  const shown = page.getByTestId('exactly');
  // The tiny model reads the first of these texts as positive through landmarks only, the second both ways.
  for (const [tokens, answer] of [
    [236, 'No: '],
    [240, 'Yes: '],
  ] as const) {
    const text = textOfIds(ids[tokens - 1]);
    const { logit } = await exactly.classify(text);
    await classify(page, text);
    await page.getByRole('button', { name: 'Would exact attention say the same?' }).click();
    await expect(shown).toHaveAttribute('data-logit', String(logit));
    await expect(shown).toContainText(answer);
    expect(await page.getByTestId('verdict').getAttribute('data-logit')).not.toBe(String(logit));
  }
  await exactly.close();
  await classify(page, textOf(200));
  await expect(shown).toHaveCount(0);
  await classify(page, textOf(5));
  await expect(page.getByTestId('heatmap')).toHaveAttribute('data-exact', 'true');
  await expect(page.getByRole('button', { name: 'Would exact attention say the same?' })).toHaveCount(0);
});

test('a short text is read exactly and shows token against token', async ({ page }) => {
  const { text, heads } = traced(5);
  await classify(page, text);
  for (const { layer, head, weights } of heads) {
    await chooseHead(page, layer, head);
    await expect(page.getByTestId('heatmap')).toHaveAttribute('data-exact', 'true');
    await expect(page.getByText('Read exactly: every token against every token.')).toBeVisible();
    for (const { row, column } of someCells(5, 5, 10)) {
      const { value } = await readCell(page, row, column);
      expect(Math.abs(value - weights.values[column * 5 + row])).toBeLessThan(1e-4);
    }
  }
});

test('a cell names who looks and at which landmark, and a chosen landmark is marked in the text', async ({ page }) => {
  await classify(page, 'w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20 w21 w22 w23 w24 w25 w26 w27');
  // 20 tokens in 8 segments: the first four hold two tokens each, the others three.
  await readCell(page, 4, 3);
  await expect(page.getByTestId('cell')).toContainText('“w12” looked at landmark 5, “w17 w18 w19”');
  const marked = (name: string) =>
    page.evaluate((highlight) => Array.from(CSS.highlights.get(highlight) ?? [], String), name);
  expect(await marked('landmark')).toEqual(['w17 w18 w19']);
  expect(await marked('place')).toEqual(['w12']);

  const map = page.getByTestId('heatmap');
  await map.click();
  const pinned = await marked('landmark');
  await page.getByTestId('text').hover();
  expect(await marked('landmark')).toEqual(pinned);
  await readCell(page, 1, 3);
  await expect(page.getByTestId('cell')).toContainText('“w12” looked at landmark 2, “w11 w12”');
  await expect(page.getByTestId('cell')).not.toContainText('pinned');
  expect(await marked('landmark')).toEqual(['w11 w12']);
  await page.getByTestId('text').hover();
  await expect(page.getByTestId('cell')).toContainText('pinned');
  expect(await marked('landmark')).toEqual(pinned);
  await map.press('Escape');
  expect(await marked('landmark')).toEqual([]);
});

test('a key with Alt, Ctrl or Meta is the browser’s', async ({ page }) => {
  await classify(page, textOf(20));
  for (const modifier of ['altKey', 'ctrlKey', 'metaKey']) {
    for (const target of [page.getByTestId('heatmap'), page.getByTestId('strip')]) {
      const left = await target.evaluate(
        (element, name) =>
          element.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'ArrowLeft', [name]: true, cancelable: true, bubbles: true }),
          ),
        modifier,
      );
      expect(left).toBe(true);
    }
  }
});

test('without a pointer: one tab stop, arrows move, Enter pins, Escape releases, and a cell is said', async ({
  page,
}) => {
  await classify(page, textOf(20));
  const map = page.getByTestId('heatmap');
  const cell = page.getByTestId('cell');
  await expect(map).toBeVisible();
  await page.getByRole('group', { name: 'Head' }).getByRole('radio', { checked: true }).focus();
  await page.keyboard.press('Tab');
  await expect(map).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(cell).toHaveAttribute('data-row', '2');
  await expect(cell).toHaveAttribute('data-column', '1');
  await expect(page.getByText('“w424” looks at landmark 3,')).toBeAttached();
  await page.keyboard.press('End');
  await expect(cell).toHaveAttribute('data-column', '19');
  await page.keyboard.press('Enter');
  await expect(cell).toContainText('pinned');
  await expect(page.getByRole('button', { name: 'passage' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(cell).not.toContainText('pinned');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Save the heatmap as a PNG picture' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listitem').filter({ hasText: 'an even share' })).toHaveCount(5);
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('passages')).toBeFocused();
});

test('a long text is binned to the map’s width and stays pointed at when the width changes', async ({ page }) => {
  await classify(page, textOf(4000));
  const map = page.getByTestId('heatmap');
  await expect(map).toBeVisible();
  const width = await map.evaluate(({ clientWidth }) => clientWidth);
  await expect(map).toHaveAttribute('data-columns', String(Math.floor(width / 2)));
  await map.click();
  const n = 4000;
  const columnsNow = async () => Number(await map.getAttribute('data-columns'));
  const shown = async (name: string) => Number(await page.getByTestId('cell').getAttribute(name));
  const row = await shown('data-row');
  const clicked = await shown('data-column');
  expect(Math.abs(clicked - (await columnsNow()) / 2)).toBeLessThanOrEqual(1);
  const token = Math.floor((clicked * n) / (await columnsNow()));
  await page.setViewportSize({ width: 400, height: 800 });
  await expect(map).not.toHaveAttribute('data-columns', String(Math.floor(width / 2)));
  await page.getByTestId('text').hover();
  const column = await shown('data-column');
  const firstOf = async (bin: number) => Math.floor((bin * n) / (await columnsNow()));
  expect(await firstOf(column)).toBeLessThanOrEqual(token);
  expect(await firstOf(column + 1)).toBeGreaterThan(token);
  await expect(page.getByTestId('cell')).toHaveAttribute('data-row', String(row));
});
