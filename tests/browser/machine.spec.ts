import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { interpolateCividis } from 'd3-scale-chromatic';
import { findings, overflow, useAxe } from './accessible';
import { type GoldenMatrix, type GoldenTrace, golden, ids, traces } from './golden';
import { classify, holdCalls, openPage, serveTinyModel, textOf, textOfIds } from './open-page';

const views: GoldenTrace[] = golden('tiny_views').traces;

const at = ({ columns, values }: GoldenMatrix, row: number, column: number) => values[row * columns + column];

function product(a: GoldenMatrix, b: GoldenMatrix): GoldenMatrix {
  const values = Array.from({ length: a.rows * b.columns }, (_, index) => {
    const [row, column] = [Math.floor(index / b.columns), index % b.columns];
    return Array.from({ length: a.columns }, (_, k) => at(a, row, k) * at(b, k, column)).reduce((x, y) => x + y, 0);
  });
  return { rows: a.rows, columns: b.columns, values };
}

/** Opens the page at a step, and has a text read. */
async function openAt(page: Page, fragment: string, text: string): Promise<void> {
  await openPage(page, `/#${fragment}`);
  await classify(page, text);
}

const matrix = (page: Page, file: string) => page.getByTestId(`matrix-${file}`);

/** The matrix that its CSV button saves. */
async function saved(page: Page, file: string): Promise<GoldenMatrix & { names: string[] }> {
  const figure = page.getByRole('figure').filter({ has: matrix(page, file) });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    figure.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${file}.csv`);
  const [header, ...lines] = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  const rows = lines.map((line) => line.split(','));
  return {
    rows: rows.length,
    columns: header.split(',').length - 1,
    values: rows.flatMap(([, ...cells]) => cells.map(Number)),
    names: rows.map(([name]) => name),
  };
}

/** To 1e-4, or 1e-4 of the largest entry: those of an inverse are hundreds. */
function expectClose(actual: GoldenMatrix, expected: GoldenMatrix, tolerance = 1e-4): void {
  expect([actual.rows, actual.columns]).toEqual([expected.rows, expected.columns]);
  const largest = Math.max(1, ...expected.values.map(Math.abs));
  const off = Math.max(...actual.values.map((value, i) => Math.abs(value - expected.values[i])));
  expect(off).toBeLessThan(tolerance * largest);
}

/** What the middle of a cell shows, as red, green and blue. */
async function colourOf(page: Page, file: string, row: number, column: number): Promise<number[]> {
  return matrix(page, file).evaluate(
    (map, { row, column }) => {
      const canvas = map.querySelector('canvas') as HTMLCanvasElement;
      const middle = (index: number, of: string, size: number) => Math.floor(((index + 0.5) / Number(of)) * size);
      const x = middle(column, map.dataset.columns as string, canvas.width);
      const y = middle(row, map.dataset.rows as string, canvas.height);
      return Array.from((canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(x, y, 1, 1).data).slice(
        0,
        3,
      );
    },
    { row, column },
  );
}

/** How far a colour is from that of a multiple of an even share, which is drawn up to eight. */
function distance(colour: number[], multiple: number): number {
  const wanted = (interpolateCividis(Math.min(multiple, 8) / 8).match(/\d+/g) ?? []).map(Number);
  return Math.max(...colour.map((channel, i) => Math.abs(channel - wanted[i])));
}

/** One of 256 colours, and no other, is meant. */
const sameColour = 3;

test.beforeEach(async ({ page }) => {
  // What scrolls smoothly still moves when it is clicked.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await serveTinyModel(page);
});

// Chromium lets a page save ten files.
for (const [n, where] of [
  [20, ({ layer, head }: GoldenTrace) => layer === head],
  [300, ({ layer, head }: GoldenTrace) => layer !== head],
] as const) {
  test(`${n} tokens: two heads' F, A, Z and B, as saved, are the float64 twin's`, async ({ page }) => {
    await openAt(page, 'step=4', textOfIds(ids[n - 1]));
    for (const trace of traces.filter((one) => one.n === n && where(one))) {
      await page.getByRole('button', { name: `Layer ${trace.layer + 1}, head ${trace.head + 1}` }).click();
      const prefix = `layer-${trace.layer + 1}-head-${trace.head + 1}`;
      await expect(matrix(page, `${prefix}-F`)).toBeVisible();
      for (const name of ['F', 'A', 'Z', 'B'] as const) {
        expectClose(await saved(page, `${prefix}-${name}`), trace[name]);
      }
      const steps = page.getByRole('figure').filter({ hasText: 'What is left' });
      const left = await steps.locator('td').evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
      expect(left.length).toBe(trace.residual.length);
      left.forEach((value, i) => {
        expect(Math.abs(value - trace.residual[i])).toBeLessThan(1e-4);
      });
    }
  });
}

test('cells have the colours of the float64 twin’s values', async ({ page }) => {
  const trace = traces.find(({ n, layer, head }) => n === 20 && layer === 1 && head === 0) as GoldenTrace;
  await openAt(page, 'step=4&layer=2&head=1', textOfIds(ids[19]));
  const file = (name: string) => `layer-2-head-1-${name}`;
  await expect(matrix(page, file('B'))).toBeVisible();
  const figure = page.getByRole('figure').filter({ has: matrix(page, file('F')) });
  await figure.getByText('Strongest').click();
  const strongest = [...trace.F.values].sort((a, b) => b - a).slice(0, 5);
  await expect(figure.getByRole('listitem')).toContainText(strongest.map((value) => `${(8 * value).toFixed(1)}×`));
  for (let row = 0; row < 8; row++) {
    for (const column of [row, (3 * row + 7) % 20, 19 - row]) {
      expect(distance(await colourOf(page, file('F'), row, column), 8 * at(trace.F, column, row))).toBeLessThan(
        sameColour,
      );
      expect(distance(await colourOf(page, file('B'), row, column), 20 * at(trace.B, row, column))).toBeLessThan(
        sameColour,
      );
    }
    for (let column = 0; column < 8; column++) {
      expect(distance(await colourOf(page, file('A'), row, column), 8 * at(trace.A, row, column))).toBeLessThan(
        sameColour,
      );
      // Green is more than nothing, purple less.
      const [red, green, blue] = await colourOf(page, file('Z'), row, column);
      const value = at(trace.Z, row, column);
      const largest = Math.max(...trace.Z.values.map(Math.abs));
      if (Math.abs(value) > 0.2 * largest) expect(green > Math.max(red, blue)).toBe(value > 0);
    }
  }
});

test('small multiples have the colours of the float64 twin’s means', async ({ page }) => {
  await openAt(page, 'step=4', textOfIds(ids[299]));
  for (const { layer, head, F } of traces.filter((one) => one.n === 300)) {
    const pixels = await page
      .getByRole('button', { name: `Layer ${layer + 1}, head ${head + 1}` })
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => ({
        columns: canvas.width,
        rows: canvas.height,
        data: Array.from(canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []),
      }));
    expect(pixels.rows).toBe(8);
    // 300 tokens in 48 bins: the first 36 have six tokens, the others seven.
    expect(pixels.columns).toBe(48);
    const start = (bin: number) => 6 * bin + Math.max(0, bin - 36);
    for (let bin = 0; bin < 48; bin += 5) {
      const tokens = Array.from({ length: start(bin + 1) - start(bin) }, (_, i) => start(bin) + i);
      for (let row = 0; row < 8; row++) {
        const mean = tokens.reduce((sum, token) => sum + at(F, token, row), 0) / tokens.length;
        const first = 4 * (row * 48 + bin);
        expect(distance(pixels.data.slice(first, first + 3), 8 * mean)).toBeLessThan(sameColour);
      }
    }
  }
});

test('a saved picture is the heatmap’s', async ({ page }) => {
  const trace = traces.find(({ n, layer, head }) => n === 20 && layer === 1 && head === 1) as GoldenTrace;
  await openPage(page);
  await classify(page, textOfIds(ids[19]));
  await expect(page.getByTestId('heatmap')).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the heatmap as a PNG picture' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('layer-2-head-2-heatmap.png');
  const png = readFileSync(await download.path()).toString('base64');
  const colours = await page.evaluate(async (png) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${png}`;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(picture, 0, 0);
    const cell = (row: number, column: number) => [
      ((column + 0.5) / 20) * picture.width,
      ((row + 0.5) / 8) * picture.height,
    ];
    return Array.from({ length: 160 }, (_, i) => {
      const [x, y] = cell(Math.floor(i / 20), i % 20);
      return Array.from(context.getImageData(x, y, 1, 1).data).slice(0, 3);
    });
  }, png);
  colours.forEach((colour, i) => {
    expect(distance(colour, 8 * at(trace.F, i % 20, Math.floor(i / 20)))).toBeLessThan(sameColour);
  });
});

test('as many landmarks as tokens are exact attention, fewer are not', async ({ page }) => {
  await openAt(page, 'step=3&layer=2&head=1&landmarks=8&example=own', textOfIds(ids[19]));
  // Of eight landmarks the twin knows F and B; what stands between is A's inverse, for all but rounding.
  const eight = traces.find(({ n, layer, head }) => n === 20 && layer === 1 && head === 0) as GoldenTrace;
  const expected = product(product(eight.F, inverseOf(eight.A)), eight.B);
  const curve = page.getByRole('figure').filter({ hasText: 'How far' });
  await expect(curve.locator('td')).toHaveCount(17, { timeout: 20_000 });
  expectClose(await saved(page, 'example-layer-2-head-1-8-landmarks-FZB'), expected, 1e-3);
  const exact = await saved(page, 'example-layer-2-head-1-exact');
  const differences = await curve.locator('td').evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
  const sum = (values: number[]) => values.reduce((total, value) => total + Math.abs(value), 0);
  const off = sum(expected.values.map((value, i) => value - exact.values[i])) / sum(exact.values);
  expect(differences[8 - 4]).toBeCloseTo(off, 3);
  expect(differences[20 - 4]).toBeLessThan(1e-3);

  await page.getByRole('slider', { name: 'landmarks' }).fill('20');
  await expect(page.getByText('20 landmarks', { exact: true })).toBeVisible();
  const view = views.find(({ n, m }) => n === 20 && m === 20) as GoldenTrace;
  const approximated = await saved(page, 'example-layer-2-head-1-20-landmarks-FZB');
  expectClose(approximated, product(view.weights, view.B), 1e-3);
  view.rows.forEach((row, i) => {
    const rowOf = (matrix: GoldenMatrix, index: number): GoldenMatrix => ({
      rows: 1,
      columns: 20,
      values: matrix.values.slice(20 * index, 20 * index + 20),
    });
    for (const shown of [exact, approximated]) expectClose(rowOf(shown, row), rowOf(view.exactRows, i), 1e-3);
  });
});

/** By elimination with the largest pivot. */
function inverseOf({ rows: m, values }: GoldenMatrix): GoldenMatrix {
  const rows = Array.from({ length: m }, (_, i) => [
    ...values.slice(i * m, (i + 1) * m),
    ...Array.from({ length: m }, (_, j) => Number(i === j)),
  ]);
  for (let column = 0; column < m; column++) {
    const rest = rows.slice(column);
    const pivot = rest.reduce((best, row) => (Math.abs(row[column]) > Math.abs(best[column]) ? row : best));
    rows.splice(rows.indexOf(pivot), 1, rows[column]);
    rows[column] = pivot.map((value) => value / pivot[column]);
    for (let other = 0; other < m; other++) {
      if (other === column) continue;
      const factor = rows[other][column];
      rows[other] = rows[other].map((value, j) => value - factor * rows[column][j]);
    }
  }
  return { rows: m, columns: m, values: rows.flatMap((row) => row.slice(m)) };
}

test('a landmark that is pointed at in one picture is marked in all, with its passage of the text', async ({
  page,
}) => {
  await openAt(
    page,
    'step=4&layer=1&head=1',
    'w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20 w21 w22 w23 w24 w25 w26 w27',
  );
  const files = ['F', 'B', 'A', 'Z'].map((name) => `layer-1-head-1-${name}`);
  const lit = (file: string) =>
    matrix(page, file).evaluate((map) => {
      const overlay = map.querySelectorAll('canvas')[1] as HTMLCanvasElement;
      const context = overlay.getContext('2d') as CanvasRenderingContext2D;
      const alpha = (row: number) => context.getImageData(1, ((row + 0.5) / 8) * overlay.height, 1, 1).data[3];
      return Array.from({ length: 8 }, (_, row) => row).filter((row) => alpha(row) > 0);
    });
  // 20 tokens in 8 segments: the first four hold two tokens each, the others three.
  await page.mouse.move(0, 0);
  for (const file of files) {
    await matrix(page, file).focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(page.getByTestId('segment').locator('mark')).toHaveText('w17 w18 w19');
    await expect(page.getByTestId('said')).toContainText('landmark 5, “w17 w18 w19”');
    for (const other of files) expect(await lit(other)).toContain(4);
    await page.keyboard.press('Enter');
    await page.getByTestId('text').focus();
    await expect(page.getByTestId('segment').locator('mark')).toHaveText('w17 w18 w19');
    await matrix(page, file).focus();
    await page.keyboard.press('Escape');
    await page.getByTestId('text').focus();
    await expect(page.getByTestId('segment').locator('mark')).toHaveCount(0);
  }
});

test('a place that is pinned stays the same where the pictures come to have other columns', async ({ page }) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await openAt(page, 'step=4&layer=1&head=1', textOf(3000));
  const map = matrix(page, 'layer-1-head-1-F');
  await map.press('End');
  await map.press('Enter');
  await page.getByTestId('text').focus();
  const said = page.getByTestId('said');
  await expect(said).toContainText('landmark 1,');
  const columns = await map.getAttribute('data-columns');
  await page.setViewportSize({ width: 400, height: 800 });
  await expect(map).not.toHaveAttribute('data-columns', String(columns));
  const kept = await said.textContent();
  await map.press('End');
  await expect(said).toHaveText(String(kept));
  expect(errors).toEqual([]);
});

test('the example: a passage of the text and its landmark point at each other', async ({ page }) => {
  await openAt(
    page,
    'step=2&example=own&landmarks=8',
    'w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20 w21 w22 w23 w24 w25 w26 w27',
  );
  await page.locator('[data-landmark="4"]').hover();
  await expect(page.getByTestId('said')).toContainText('landmark 5, “w17 w18 w19”');
  await page.mouse.move(0, 0);
  await matrix(page, 'example-layer-2-head-2-8-landmarks-B').focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
  await expect(page.locator('[data-landmark].lit')).toHaveText('w20 w21 w22 ');
});

test('without a pointer: from the closed chapter to a head', async ({ page }) => {
  await openPage(page);
  await classify(page, textOf(40));
  await page.getByRole('link', { name: 'Show the steps' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Every word with every word' })).toBeFocused();
  await page.getByRole('link', { name: 'All heads at work' }).press('Enter');
  await page.getByRole('button', { name: 'Layer 2, head 2' }).focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('button', { name: 'Layer 1, head 1' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Layer 1, head 1' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Layer 1, head 1' })).toHaveAttribute('aria-pressed', 'true');
  await expect(matrix(page, 'layer-1-head-1-F')).toBeVisible();
});

test('the address says where one is, keeps a shared text, and leads back there', async ({ page }) => {
  await openPage(page, '/#text=w10%20w11%20%26%20w12&step=3&layer=1&head=2&landmarks=30');
  await expect(page.getByTestId('text')).toHaveValue('w10 w11 & w12');
  await expect(page.getByText('30 landmarks', { exact: true })).toBeVisible();
  await page.getByRole('slider', { name: 'landmarks' }).press('ArrowRight');
  await expect(page.getByText('31 landmarks', { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/#text=w10%20w11%20%26%20w12&step=3&layer=1&head=2&landmarks=31$/);
  await page.getByRole('link', { name: 'A few landmarks' }).click();
  await expect(page).toHaveURL(/#text=w10%20w11%20%26%20w12&step=2&layer=1&head=2&landmarks=31$/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'A few landmarks instead' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Is it the same?' })).toBeVisible();
});

test('a short text has heads but no landmarks, and no text or a blank one has neither', async ({ page }) => {
  await openPage(page, '/#step=4');
  await page.getByRole('button', { name: 'Clear' }).click();
  const nothing = page.getByText('Classify a text at the top of the page');
  await expect(nothing).toBeVisible();
  await classify(page, ' \n ');
  await expect(page.getByTestId('verdict')).toContainText('Nothing to read');
  await expect(nothing).toBeVisible();
  await classify(page, textOf(5));
  await expect(page.getByText('is read exactly, without landmarks')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Layer 2, head 1' })).toBeVisible();
});

test('reading all heads can be stopped, and started again', async ({ page }) => {
  await openAt(page, 'step=1', textOf(400));
  const release = await holdCalls(page, 'attention');
  await page.getByRole('link', { name: 'All heads at work' }).click();
  const chapter = page.getByRole('region', { name: 'How it works' });
  await chapter.getByRole('button', { name: 'Stop' }).click();
  await expect(chapter.getByText('Stopped.')).toBeVisible();
  await release();
  await chapter.getByRole('button', { name: 'Start again' }).click();
  await expect(page.getByRole('button', { name: 'Layer 2, head 1' })).toBeVisible({ timeout: 60_000 });
});

test('time and memory are measured both ways, can be stopped, and nothing is asked of the network', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await openPage(page, '/#step=5');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const time = page.getByRole('figure').filter({ hasText: 'Time' });
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(time.locator('tbody tr').nth(2)).toBeAttached({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).click();
  const again = page.getByRole('button', { name: 'Measure again' });
  await expect(again).toBeVisible();
  await expect(again.locator('..')).toBeFocused();
  expect(asked.filter((url) => !/\/worker-|\.wasm$/.test(url))).toEqual([]);
  for (const name of ['Time', 'Memory']) {
    const figure = page.getByRole('figure').filter({ hasText: name });
    const lengths = await figure.locator('tbody th').allTextContents();
    expect(lengths.slice(0, 3)).toEqual(['256', '512', '1,024']);
    const values = await figure
      .locator('tbody tr')
      .first()
      .locator('td')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    expect(values.length).toBe(2);
    for (const value of values) expect(value).toBeGreaterThan(0);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1440]) {
    test(`${colorScheme}, ${width} px: every step fits the page and axe finds nothing`, async ({ page }) => {
      test.setTimeout(120_000);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await useAxe(page);
      await openAt(page, 'step=1', textOf(400));
      for (const step of [1, 2, 3, 4, 5]) {
        await page
          .getByRole('navigation', { name: 'Steps' })
          .getByRole('link')
          .nth(step - 1)
          .click();
        if (step < 5) await expect(page.locator('.map canvas').last()).toBeVisible();
        if (step === 3) await page.getByRole('slider', { name: 'landmarks' }).fill('60');
        if (step === 5) {
          await page.getByRole('button', { name: 'Measure' }).click();
          await expect(page.getByRole('figure').filter({ hasText: 'Memory' })).toBeVisible({ timeout: 30_000 });
          await page.getByRole('button', { name: 'Stop' }).click();
        }
        for (const more of await page.locator('summary').all()) await more.click();
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await findings(page)).toEqual([]);
      }
    });
  }
}
