import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { chooseHead, classify, fixture, openPage, readCell, serveTinyModel } from './open-page';

interface GoldenMatrix {
  rows: number;
  columns: number;
  values: number[];
}

interface GoldenTrace {
  layer: number;
  head: number;
  n: number;
  exact: boolean;
  F?: GoldenMatrix;
  weights: GoldenMatrix;
}

const { traces } = JSON.parse(readFileSync(fixture('golden/tiny_traces.json'), 'utf8')) as { traces: GoldenTrace[] };

/** The texts whose tokens are those of the float64 twin's traces of that many tokens. */
const texts: Record<number, string> = {
  5: 'now long next',
  20: 'would and very would night did drum had does wall does might did must can ] had no',
};

function golden(n: number): GoldenTrace[] {
  return traces.filter((trace) => trace.n === n);
}

/** Some of the cells of a map, spread over rows and columns. */
function someCells(rows: number, columns: number, howMany: number): { row: number; column: number }[] {
  return Array.from({ length: howMany }, (_, i) => ({ row: (i * 5 + 3) % rows, column: (i * 7 + 1) % columns }));
}

test.beforeEach(async ({ page }) => {
  await serveTinyModel(page);
  await openPage(page);
});

test('cells say what the float64 twin says, in every head', async ({ page }) => {
  await classify(page, texts[20]);
  for (const { layer, head, F } of golden(20)) {
    if (!F) throw new Error('the golden trace of 20 tokens must have landmarks');
    await chooseHead(page, layer, head);
    await expect(page.getByTestId('heatmap')).toHaveAttribute('data-columns', String(F.rows));
    for (const { row, column } of someCells(F.columns, F.rows, 16)) {
      const cell = await readCell(page, row, column);
      expect(cell).toMatchObject({ row, column });
      expect(Math.abs(cell.value - F.values[column * F.columns + row])).toBeLessThan(1e-4);
    }
  }
});

test('a short text is read exactly and shows token against token', async ({ page }) => {
  await classify(page, texts[5]);
  for (const { layer, head, weights } of golden(5)) {
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
  await classify(page, texts[20]);
  // 20 tokens in 8 segments: the first four hold two tokens each, the others three.
  await readCell(page, 4, 3);
  await expect(page.getByTestId('cell')).toContainText('“very” looked at landmark 5, “had does wall”');
  const marked = (name: string) =>
    page.evaluate((highlight) => Array.from(CSS.highlights.get(highlight) ?? [], String), name);
  expect(await marked('landmark')).toEqual(['had does wall']);
  expect(await marked('place')).toEqual(['very']);

  const map = page.getByTestId('heatmap');
  await map.click();
  const pinned = await marked('landmark');
  await page.getByTestId('text').hover();
  expect(await marked('landmark')).toEqual(pinned);
  await map.press('Escape');
  expect(await marked('landmark')).toEqual([]);
});

test('without a pointer: one tab stop, arrows move, Enter pins, Escape releases, and a cell is said', async ({
  page,
}) => {
  await classify(page, texts[20]);
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
  await expect(page.getByText('“would” looks at landmark 3, “would night”')).toBeAttached();
  await page.keyboard.press('End');
  await expect(cell).toHaveAttribute('data-column', '19');
  await page.keyboard.press('Enter');
  await expect(cell).toContainText('pinned');
  await page.keyboard.press('Escape');
  await expect(cell).not.toContainText('pinned');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('passages')).toBeFocused();
});

test('a long text is binned to the map’s width and stays pointed at when the width changes', async ({ page }) => {
  await classify(page, `${texts[20]} `.repeat(200));
  const map = page.getByTestId('heatmap');
  await expect(map).toBeVisible();
  const width = await map.evaluate(({ clientWidth }) => clientWidth);
  await expect(map).toHaveAttribute('data-columns', String(Math.floor(width / 2)));
  await map.click();
  const row = await page.getByTestId('cell').getAttribute('data-row');
  await page.setViewportSize({ width: 400, height: 800 });
  await expect(map).not.toHaveAttribute('data-columns', String(Math.floor(width / 2)));
  await page.getByTestId('text').hover();
  await expect(page.getByTestId('cell')).toHaveAttribute('data-row', String(row));
});
