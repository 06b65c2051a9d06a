// Many texts from one file. What is true of them says the package in Node, and of CSV the few lines below.
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import type { Classification } from 'nystromformer';
import { Countdown } from '../../web/src/many/countdown';
import { findings, overflow, useAxe } from './accessible';
import { hold, holdCalls, openPage, serveTinyModel, textOf, textOfIds, weightsFile } from './open-page';

const support = new URL('../package/support.mjs', import.meta.url).href;

async function read(texts: string[]): Promise<Classification[]> {
  const { loadTiny } = await import(support);
  const classifier = await loadTiny({ worker: false });
  const verdicts = await classifier.classify(texts);
  await classifier.close();
  return verdicts;
}

function csv(rows: string[][], delimiter = ','): string {
  return rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join('\r\n');
}

/** The cells of CSV as the page saves it. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/y;
  while (cell.lastIndex < text.length) {
    const [, written, end] = cell.exec(text) as unknown as [string, string, string];
    rows.at(-1)?.push(written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written);
    if (end === '\r\n') rows.push([]);
    if (end === ',' && cell.lastIndex === text.length) rows.at(-1)?.push('');
  }
  return rows;
}

/** Words by a fixed rule, so that texts differ. */
function words(seed: number, length: number): string {
  return textOfIds([0, ...Array.from({ length }, (_, i) => 5 + ((seed * 7919 + i * i * 31 + i) % 500)), 0]);
}

async function open(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page
    .getByTestId('file-of-many')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
  await expect(page.getByTestId('many')).toBeVisible();
}

const button = (page: Page, name: string | RegExp) => page.getByTestId('many').getByRole('button', { name });
const state = (page: Page) => page.getByTestId('run');

/** Has all texts read, to the end. */
async function readAll(page: Page): Promise<void> {
  await button(page, /^Read \d/).click();
  await expect(state(page)).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
}

/** Ends with the page's own worker as the only one. */
async function workersGone(page: Page): Promise<void> {
  await expect.poll(() => page.workers().length).toBe(1);
}

async function saved(page: Page): Promise<string[][]> {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as CSV').click()]);
  expect(download.suggestedFilename()).toBe('reviews with verdicts.csv');
  const text = readFileSync(await download.path(), 'utf8');
  expect(text.startsWith('\ufeff')).toBe(true);
  return cellsOf(text.slice(1));
}

/** What the page must save of a text. */
function expectedCells({ label, scores, tokens, unknownTokens }: Classification): string[] {
  if (label === null) return ['', '', '', '', ''];
  return [label, String(scores.positive), String(tokens), String(unknownTokens), ''];
}

/** A row of the table as it is shown, by its place in the file, counted from 0. */
const row = (page: Page, index: number) => page.getByTestId('rows').locator(`[data-row="${index}"]`);

/** The rows in view, from the top. */
async function shownRows(page: Page): Promise<number[]> {
  return page
    .getByTestId('rows')
    .locator('[data-row]')
    .evaluateAll((rows) => rows.map((one) => Number((one as HTMLElement).dataset.row)));
}

test.beforeEach(async ({ page }) => {
  await serveTinyModel(page);
  await openPage(page);
});

test('5,000 rows: each gets its verdict, through a pause, and keeps its columns where it is saved', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const texts = Array.from({ length: 5000 }, (_, i) => (i % 500 === 3 ? ' ' : words(i, 10 + (i % 90))));
  const header = ['id', 'the text', 'remark', 'verdict'];
  const rows = texts.map((text, i) => [
    String(i),
    text,
    i % 2 ? 'with "marks", and\na line' : 'plain',
    'what I thought',
  ]);
  await open(page, 'reviews.csv', csv([header, ...rows]));
  await expect(page.getByTestId('form')).toContainText('5,000 rows, 4 columns');
  const release = await holdCalls(page, 'classify', 4);
  await button(page, 'Read 5,000 texts').click();
  await expect(state(page)).not.toHaveAttribute('data-read', '0');
  await button(page, 'Pause').click();
  await expect(state(page)).toHaveAttribute('data-state', 'paused');
  await workersGone(page);
  await release();
  const paused = Number(await state(page).getAttribute('data-read'));
  expect(paused).toBeLessThan(5000);
  await button(page, 'Go on').click();
  await expect(state(page)).toHaveAttribute('data-state', 'done', { timeout: 90_000 });
  const truth = await read(texts);
  const [names, ...cells] = await saved(page);
  expect(names).toEqual([...header, 'verdict 2', 'probability of positive', 'tokens', 'unknown tokens', 'cut']);
  expect(cells).toEqual(rows.map((row, i) => [...row, ...expectedCells(truth[i] as Classification)]));

  const rowsInPage = await page.getByTestId('rows').locator('tr').count();
  expect(rowsInPage).toBeLessThan(60);
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  await expect(row(page, 4999)).toContainText('5,000');
  expect(await page.getByTestId('rows').locator('tr').count()).toBeLessThan(60);
  await expect(row(page, 4999)).toBeInViewport({ ratio: 1 });
});

test('stopped, it keeps what was read, reads no more, and saves the rest without verdicts', async ({ page }) => {
  const texts = Array.from({ length: 5000 }, (_, i) => words(i, 5 + (i % 90)));
  await open(page, 'reviews.csv', csv([['text'], ...texts.map((text) => [text])]));
  const release = await holdCalls(page, 'classify', 4);
  await button(page, 'Read 5,000 texts').click();
  await expect(state(page)).not.toHaveAttribute('data-read', '0');
  await button(page, 'Stop').click();
  await expect(state(page)).toHaveAttribute('data-state', 'stopped');
  await expect(button(page, 'Start again')).toBeFocused();
  await workersGone(page);
  await release();
  const stopped = Number(await state(page).getAttribute('data-read'));
  expect(stopped).toBeLessThan(5000);
  const [, ...cells] = await saved(page);
  const truth = await read(texts.slice(0, stopped));
  expect(cells).toEqual(texts.map((text, i) => [text, ...(truth[i] ? expectedCells(truth[i]) : ['', '', '', '', ''])]));
  await expect(state(page)).toHaveAttribute('data-read', String(stopped));
});

const german = [
  ['Größe', 'Text'],
  ['5 €', 'Ein „schöner“ Film; für alle'],
  ['7 €', 'Ein Film'],
];
const inWindows: Record<string, number> = { '€': 0x80, '„': 0x84, '“': 0x93 };
const encoders: Record<string, (text: string) => Buffer> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-16LE': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16BE': (text) => Buffer.from(text, 'utf16le').swap16(),
  'Windows-1252': (text) => Buffer.from(Array.from(text, (letter) => inWindows[letter] ?? letter.charCodeAt(0))),
};
for (const [encoding, mark, delimiter] of [
  ['UTF-8', '', ','],
  ['UTF-8', '\ufeff', '\t'],
  ['UTF-16LE', '', ';'],
  ['UTF-16LE', '\ufeff', ';'],
  ['UTF-16BE', '', ','],
  ['UTF-16BE', '\ufeff', '|'],
  ['Windows-1252', '', ';'],
] as const) {
  test(`${encoding} ${mark ? 'with' : 'without'} its mark, between ${JSON.stringify(delimiter)}`, async ({ page }) => {
    await open(page, 'reviews.csv', (encoders[encoding] as (text: string) => Buffer)(mark + csv(german, delimiter)));
    await expect(page.getByTestId('form')).toContainText('2 rows, 2 columns');
    await expect(page.getByTestId('form')).toContainText(encoding);
    // The column with more words is taken for the text, and comes first.
    await expect(page.getByRole('columnheader')).toHaveText([/^Row/, 'Verdict', 'Text', 'Größe']);
    await expect(row(page, 0).getByRole('gridcell')).toHaveText(['1', '', german[1]?.[1] ?? '', '5 €']);
  });
}

test('cells that a spreadsheet would take for formulas are neutralised, others stay', async ({ page }) => {
  const risky = ['=1+1', '+1', '-1', '@SUM(A1)', '=1\n+2', '\t=1', '=HYPERLINK("https://example.org","x")'];
  const tame = ['1-1', ' =1', "'=1", 'a@b', '2026-11-26', ''];
  const rows = [...risky, ...tame].map((cell, i) => [cell, words(i, 5)]);
  await open(page, 'reviews.csv', csv([['=name', 'text'], ...rows]));
  await readAll(page);
  const [header, ...cells] = await saved(page);
  expect(header?.[0]).toBe("'=name");
  expect(cells.map(([cell]) => cell)).toEqual([...risky.map((cell) => `'${cell}`), ...tame]);
});

test('labels in a column: accuracy and confusion matrix, means by group, histogram, all counted again', async ({
  page,
}) => {
  const texts = Array.from({ length: 300 }, (_, i) => (i === 7 ? '' : words(i, 3 + (i % 20))));
  const truth = await read(texts);
  const given = texts.map((_, i) => (i % 3 === 0 ? 'Pos' : 'negative'));
  const shop = texts.map((_, i) => ['north', 'south', 'west'][(i % 7) % 3] as string);
  const stars = texts.map((_, i) => String(1 + (i % 5)));
  await open(
    page,
    'reviews.csv',
    csv([
      ['shop', 'text', 'label', 'stars'],
      ...texts.map((text, i) => [shop[i], text, given[i], stars[i]] as string[]),
    ]),
  );
  await readAll(page);
  const count = (holds: (i: number) => boolean) => texts.filter((_, i) => truth[i]?.label !== null && holds(i)).length;

  const cells = async () =>
    page
      .getByTestId('confusion')
      .locator('tbody tr')
      .evaluateAll((rows) =>
        (rows as HTMLTableRowElement[]).map(({ cells }) => [0, 2, 3].map((i) => cells[i]?.textContent?.trim())),
      );
  const expected = (values: string[], column: string[]) =>
    values.map((value) => [
      value,
      ...['negative', 'positive'].map((label) =>
        String(count((i) => column[i] === value && truth[i]?.label === label)),
      ),
    ]);
  expect(await cells()).toEqual(expected(['negative', 'Pos'], given));
  const right = count((i) => (given[i] === 'Pos' ? 'positive' : 'negative') === truth[i]?.label);
  const accuracy = page.getByTestId('accuracy');
  await expect(accuracy).toHaveText(`${((100 * right) / 299).toFixed(1)} % read as they are labelled: ${right} of 299`);
  await page.getByLabel('read as').selectOption('other than labelled');
  await expect(page.getByTestId('shown')).toHaveText(`${299 - right} of 300 rows`);

  await page.getByLabel('Compare with').selectOption('stars');
  expect(await cells()).toEqual(expected(['1', '2', '3', '4', '5'], stars));
  const meaning = (star: string) => (star < '3' ? 'negative' : 'positive');
  const rightBy = (counted: (star: string) => boolean) =>
    count((i) => counted(stars[i] as string) && meaning(stars[i] as string) === truth[i]?.label);
  await expect(accuracy).toHaveAttribute('data-right', String(rightBy((star) => star !== '3')));
  await expect(accuracy).toHaveAttribute('data-of', String(count((i) => stars[i] !== '3')));
  await page.getByLabel('3 means').selectOption('positive');
  await expect(accuracy).toHaveAttribute('data-right', String(rightBy(() => true)));
  await expect(accuracy).toHaveAttribute('data-of', '299');
  await page.getByLabel('Compare with').selectOption('text');
  await expect(page.getByText('more than 12 different values')).toBeVisible();

  await page.getByLabel('Means by').selectOption('shop');
  for (const name of ['north', 'south', 'west']) {
    const group = truth.filter(({ empty }, i) => !empty && shop[i] === name);
    const mean = group.reduce((sum, { scores }) => sum + (scores.positive as number), 0) / group.length;
    const shown = page.getByTestId('groups').getByRole('row', { name: new RegExp(`^${name} ${group.length} `) });
    expect(Number(await shown.getAttribute('data-mean'))).toBeCloseTo(mean, 12);
  }

  const bars = await page
    .getByTestId('histogram')
    .locator('li')
    .evaluateAll((bars) => bars.map((bar) => Number((bar as HTMLElement).dataset.texts)));
  const inBin = (bin: number) => (i: number) => Math.floor((truth[i]?.scores.positive as number) * 20) === bin;
  expect(bars).toEqual(bars.map((_, bin) => count(inBin(bin))));
  await expect(page.getByTestId('totals')).toContainText(
    `${count((i) => truth[i]?.label === 'positive')} positive, ${count((i) => truth[i]?.label === 'negative')} negative, 1 blank`,
  );
});

test('rows are sorted by verdict or by any column, and filtered', async ({ page }) => {
  const texts = Array.from({ length: 12 }, (_, i) => (i === 5 ? '' : words(i * 3, 4 + i)));
  const truth = await read(texts);
  const price = texts.map((_, i) => (i === 2 ? '' : String((i * 7) % 12)));
  await open(page, 'reviews.csv', csv([['price', 'text'], ...texts.map((text, i) => [price[i], text] as string[])]));
  await readAll(page);
  const order = texts.map((_, i) => i);
  const byVerdict = order
    .filter((i) => i !== 5)
    .sort((a, b) => (truth[a] as Classification).logit - (truth[b] as Classification).logit);
  await button(page, 'Verdict').click();
  expect(await shownRows(page)).toEqual([...byVerdict, 5]);
  await button(page, 'Verdict').click();
  expect(await shownRows(page)).toEqual([...byVerdict.reverse(), 5]);
  await button(page, 'price').click();
  await expect(page.getByRole('columnheader', { name: 'price' })).toHaveAttribute('aria-sort', 'ascending');
  const byPrice = order.filter((i) => i !== 2).sort((a, b) => Number(price[a]) - Number(price[b]));
  expect(await shownRows(page)).toEqual([...byPrice, 2]);
  await page.getByLabel('read as').selectOption('negative');
  expect(await shownRows(page)).toEqual([...byPrice, 2].filter((i) => truth[i]?.label === 'negative'));
  await page.getByLabel('read as').selectOption('anything');
  await page.getByLabel('Rows with').fill((texts[3] as string).toUpperCase());
  expect(await shownRows(page)).toEqual([3]);
});

test('JSON lines: columns of all objects, in the order in which they come', async ({ page }) => {
  const lines = [
    { id: 1, text: words(1, 8) },
    { tags: ['a', 'b'], text: words(2, 8), liked: true },
    { id: null, text: words(3, 8) },
  ].map((line) => JSON.stringify(line));
  const long = `{"id": 12345678901234567890, "text": "${words(4, 8)}"}`;
  await open(page, 'reviews.jsonl', [...lines, '', long].join('\n'));
  await readAll(page);
  const [header, ...cells] = await saved(page);
  expect(header?.slice(0, 4)).toEqual(['id', 'text', 'tags', 'liked']);
  expect(cells.map((row) => row.slice(0, 4))).toEqual([
    ['1', words(1, 8), '', ''],
    ['', words(2, 8), '["a","b"]', 'true'],
    ['', words(3, 8), '', ''],
    ['12345678901234567890', words(4, 8), '', ''],
  ]);
});

test('a text file is one text where one is opened, and a text a line where many are', async ({ page }) => {
  const buffer = Buffer.from(`${words(1, 8)}\r\n\r\n${words(2, 8)}\n`);
  await page.getByTestId('file').setInputFiles({ name: 'reviews.txt', mimeType: 'text/plain', buffer });
  await expect(page.getByTestId('text')).toHaveValue(buffer.toString().replaceAll('\r\n', '\n'));
  await expect(page.getByTestId('many')).toHaveCount(0);
  await open(page, 'reviews.txt', buffer);
  await expect(page.getByTestId('form')).toContainText('2 rows, 1 column; read as a text a line');
  await expect(row(page, 1)).toContainText(words(2, 8));
});

test('a table opens as such wherever it is chosen, also without names in its first row', async ({ page }) => {
  const buffer = Buffer.from(
    csv([
      [words(1, 8), 'b'],
      [words(2, 8), 'a'],
    ]),
  );
  await page.getByTestId('file').setInputFiles({ name: 'reviews.CSV', mimeType: 'text/csv', buffer });
  await expect(page.getByTestId('form')).toContainText('1 row, 2 columns');
  await page.getByLabel('The first row names the columns').uncheck();
  await expect(page.getByTestId('form')).toContainText('2 rows, 2 columns');
  await expect(page.getByRole('columnheader')).toHaveText([/^Row/, 'Verdict', 'Column 1', 'Column 2']);
  await page.getByLabel('The texts are in').selectOption('Column 2');
  await readAll(page);
  const [, ...cells] = await saved(page);
  const truth = await read(['b', 'a']);
  expect(cells.map((row) => row.slice(2))).toEqual(truth.map(expectedCells));
});

for (const [what, name, content, message] of [
  ['another kind of file', 'reviews.xlsx', 'PK', 'reviews.xlsx is none of .csv'],
  ['no text', 'reviews.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]), 'reviews.csv is not a text file'],
  ['nothing', 'reviews.csv', '', 'reviews.csv cannot be read: there is nothing in it'],
  ['an open quotation mark', 'reviews.csv', 'id,text\n1,"fine"\n2,"so it goes\n3,on"x\n', 'in row 3 a quotation mark'],
  ['a broken line', 'reviews.jsonl', '{"text":"a"}\n{"text":\n', 'line 2 is not JSON'],
  ['a number', 'reviews.jsonl', '{"text":"a"}\n\n17\n', 'line 3 is JSON, but neither an object nor a text'],
] as const) {
  test(`${what} in the file is told in words, and the table that was there stays`, async ({ page }) => {
    await open(page, 'good.csv', csv([['text'], [words(1, 8)]]));
    await expect(page.getByTestId('form')).toContainText('1 row');
    await page
      .getByTestId('another-file')
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
    await expect(page.getByRole('alert')).toContainText(message);
    await expect(row(page, 0)).toContainText(words(1, 8));
  });
}

test('a row is read closely, and the table is still there', async ({ page }) => {
  const texts = [words(1, 8), words(2, 300), '这部电影开头很慢', ...Array.from({ length: 40 }, (_, i) => words(i, 8))];
  await open(page, 'reviews.csv', csv([['text'], ...texts.map((text) => [text])]));
  await readAll(page);
  const detail = page.getByTestId('detail');
  await row(page, 2).click();
  await expect(detail).toContainText('does not know');
  await page.getByRole('grid').press('Escape');
  await page.evaluate(() => scrollTo(0, 0));
  await row(page, 1).click();
  await expect(detail).toContainText(texts[1] as string);
  await expect(detail).not.toContainText('does not know');
  await expect(detail).toBeInViewport({ ratio: 0.9 });
  await button(page, 'See how it was read').click();
  await expect(page.getByTestId('text')).toHaveValue(texts[1] as string);
  const [, truth] = await read(texts);
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-logit', String(truth?.logit));
  await expect(page.getByTestId('heatmap')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the table' }).click();
  await expect(page.getByTestId('verdict')).toBeHidden();
  await expect(row(page, 1)).toContainText('%');
  await button(page, 'Back to one text').click();
  await expect(page.getByTestId('verdict')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Back to the table' })).toBeFocused();
});

test('no pointer is needed', async ({ page }) => {
  await open(page, 'reviews.csv', csv([['text'], ...Array.from({ length: 60 }, (_, i) => [words(i, 8)])]));
  await expect(page.getByRole('heading', { name: 'Many texts' })).toBeFocused();
  const tabTo = async (name: string | RegExp) => {
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Tab');
      const there = page.locator(':focus');
      if (
        name instanceof RegExp
          ? name.test((await there.textContent()) ?? '')
          : (await there.getAttribute('role')) === name
      )
        return;
    }
    throw new Error(`${name} is not to be reached`);
  };
  await tabTo(/^\s*Read 60 texts\s*$/);
  await page.keyboard.press('Enter');
  await expect(state(page)).toHaveAttribute('data-state', 'done');
  await expect(button(page, 'Read again')).toBeFocused();
  await tabTo('grid');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByTestId('detail')).toContainText('Row 2');
  await page.keyboard.press('PageDown');
  await expect(page.getByTestId('detail')).not.toContainText('Row 2:');
  await page.keyboard.press('End');
  await expect(row(page, 59)).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('grid')).toHaveAttribute('aria-activedescendant', 'row-59');
  await expect(row(page, 59)).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Home');
  await expect(row(page, 0)).toHaveAttribute('aria-selected', 'true');
  const [first, head] = [
    await row(page, 0).boundingBox(),
    await page.getByRole('grid').locator('th').first().boundingBox(),
  ];
  expect(first?.y).toBeGreaterThanOrEqual((head?.y ?? 0) + (head?.height ?? 0) - 1);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('detail')).toHaveCount(0);
  await tabTo(/^\s*Row/);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('rows').locator('[data-row]').first()).toHaveAttribute('data-row', '59');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1440]) {
    test(`${colorScheme}, ${width} px: every state fits the page and axe finds nothing`, async ({ page }) => {
      test.setTimeout(120_000);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await useAxe(page);
      await openPage(page);
      const check = async () => {
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await findings(page)).toEqual([]);
      };
      const name = `${'long'.repeat(20)}.csv`;
      const texts = Array.from({ length: 2000 }, (_, i) => (i === 1 ? '' : words(i, 8)));
      const rows = texts.map((text, i) => [text, i % 2 ? 'positive' : 'negative', 'x'.repeat(300), String(i % 200)]);
      await open(page, name, csv([['text', 'label', 'y'.repeat(100), 'shop'], ...rows]));
      await expect(row(page, 0)).toBeVisible();
      await check();
      await holdCalls(page, 'classify', 4);
      await button(page, 'Read 2,000 texts').click();
      await expect(state(page)).not.toHaveAttribute('data-read', '0');
      await button(page, 'Pause').click();
      await page.getByLabel('Means by').selectOption('shop');
      await row(page, 0).click();
      await expect(page.getByTestId('detail')).toBeVisible();
      await check();
      await button(page, 'Stop').click();
      await page.getByLabel('Rows with').fill('found nowhere');
      await page.getByTestId('another-file').setInputFiles({ name: 'a.pdf', mimeType: '', buffer: Buffer.from('') });
      await expect(page.getByRole('alert')).toBeVisible();
      await check();
      await button(page, 'Back to one text').click();
      await check();
    });
  }
}

test('what the view is made of comes with the first file, from here, and the rest needs nothing', async ({
  page,
  baseURL,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.reload();
  await openPage(page);
  expect(asked.filter((url) => /many/.test(url))).toEqual([]);
  await open(page, 'reviews.txt', [textOf(5), textOf(9)].join('\n'));
  await expect(page.getByTestId('form')).toBeVisible();
  expect(asked.filter((url) => /many-texts-[^/]*\.js$/.test(url))).toHaveLength(1);
  await readAll(page);
  expect(asked.filter((url) => !url.startsWith(String(baseURL)) && !url.startsWith('blob:'))).toEqual([]);
});

test('a file may come before the network, and a network that does not come is told in words', async ({ page }) => {
  const file = csv([['text'], [words(1, 8)]]);
  await page.evaluate(async () => {
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await page.route(weightsFile, (route) => route.fulfill({ status: 404, body: 'no' }), { times: 1 });
  const arrive = await hold(page, weightsFile);
  await page.reload();
  await open(page, 'reviews.csv', file);
  await expect(page.getByTestId('many').getByRole('progressbar', { name: 'Fetching the network' })).toBeVisible();
  arrive();
  await expect(page.getByRole('alert')).toContainText('The network could not be fetched.');
  const letGo = await hold(page, weightsFile);
  await button(page, 'Try again').press('Enter');
  await expect(page.locator('.arrival')).toBeFocused();
  letGo();
  await readAll(page);
  await expect(row(page, 0)).toContainText('%');
});

test('workers that cannot start are told in words, and reading goes on when asked', async ({ page }) => {
  const texts = [words(1, 8), words(2, 9)];
  await open(page, 'reviews.csv', csv([['text'], ...texts.map((text) => [text])]));
  const worker = /worker-[^/]*\.js$/;
  await page.route(worker, (route) => route.abort());
  await button(page, 'Read 2 texts').click();
  await expect(page.getByRole('alert')).toContainText('The network stopped unexpectedly.');
  await page.unroute(worker);
  await button(page, 'Try again').press('Enter');
  await expect(state(page)).toHaveAttribute('data-state', 'done');
  await expect(button(page, 'Read again')).toBeFocused();
  const truth = await read(texts);
  const [, ...cells] = await saved(page);
  expect(cells.map(([, ...row]) => row)).toEqual(truth.map(expectedCells));
});

test('the time left is told by the characters that are left, once something is known', () => {
  const now = performance.now;
  let time = 0;
  performance.now = () => time;
  try {
    const countdown = new Countdown(['a'.repeat(80), 'a'.repeat(180), 'a'.repeat(680)]);
    time = 1000;
    countdown.next();
    expect(countdown.millisecondsLeft).toBe(null);
    time = 2000;
    expect(countdown.millisecondsLeft).toBe(18_000);
    countdown.next();
    time = 6000;
    expect(countdown.millisecondsLeft).toBe(14_000);
  } finally {
    performance.now = now;
  }
});

test('a part that cannot be fetched is told in words, with a way back and another try', async ({ page }) => {
  const open = () =>
    page
      .getByTestId('file-of-many')
      .setInputFiles({ name: 'reviews.csv', mimeType: 'text/csv', buffer: Buffer.from('text\na') });
  const part = /many-texts-[^/]*\.js$/;
  await page.route(part, (route) => route.abort());
  await open();
  await expect(page.getByRole('alert')).toContainText('could not be fetched');
  await page.getByRole('button', { name: 'Back to one text' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByTestId('text')).toBeVisible();
  await open();
  await page.unroute(part);
  const letGo = await hold(page, part);
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await expect(page.getByText('Fetching this part of the page…')).toBeFocused();
  letGo();
  await expect(page.getByTestId('form')).toContainText('1 row');
});
