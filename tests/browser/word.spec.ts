import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import type { Attention, Matrix } from 'nystromformer';
import { nameOfToken, tokensOfWord, wordsIn, wordsOfTokens } from '../../web/src/word/finding';
import type { WordLook } from '../../web/src/word/look';
import { inPlainWords } from '../../web/src/word/plain-words';
import { load, loadTiny } from '../package/support.mjs';
import { findings, overflow, useAxe } from './accessible';
import { type GoldenMatrix, type GoldenTrace, golden, ids, traces } from './golden';
import { checkHead, classify, fixture, openPage, serveTinyModel, textOf, textOfIds } from './open-page';

/** The attention of one word, as a test computes it in float64. */
interface Truth {
  passages: [number, number][];
  taken: number[];
  gathered: number[][] | null;
  landmarkRow: number[] | null;
  exactRow: number[];
  localShare: number;
}

const rowOf = ({ columns, values }: GoldenMatrix, row: number) => values.slice(row * columns, (row + 1) * columns);
const matrixRow = ({ columns, data }: Matrix, row: number) =>
  Array.from(data.subarray(row * columns, (row + 1) * columns));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const times = (row: readonly number[], matrix: readonly number[][]) =>
  matrix[0].map((_, column) => sum(row.map((factor, j) => factor * matrix[j][column])));
const mean = (rows: readonly number[][]) => rows[0].map((_, i) => sum(rows.map((row) => row[i])) / rows.length);
const apart = (row: readonly number[], exact: readonly number[]) =>
  sum(row.map((value, i) => Math.abs(value - exact[i]))) / sum(exact.map(Math.abs));

/** From the package's F and Z, when it was asked for these tokens' exact rows. */
function truthOf(attention: Attention, tokens: readonly number[]): Truth {
  const { tokenToLandmark, inverse, landmarkToToken, exactRows, landmarks, localShare } = attention;
  const all = (matrix: Matrix) => Array.from({ length: matrix.rows }, (_, row) => matrixRow(matrix, row));
  const taken = mean(tokens.map((token) => times(matrixRow(tokenToLandmark, token), all(inverse))));
  const gathered = all(landmarkToToken);
  return {
    passages: landmarks.map(({ start, end }) => [start, end]),
    taken,
    gathered,
    landmarkRow: times(taken, gathered),
    exactRow: mean(all(exactRows)),
    localShare: sum(tokens.map((token) => localShare[token])) / tokens.length,
  };
}

/** Scrolls to this place of the text, and says where it is then. */
async function scrollToPlace(page: Page, start: number): Promise<{ x: number; y: number }> {
  const at = await page.getByTestId('sentences').evaluate((pane, offset) => {
    let before = 0;
    for (const sentence of pane.querySelectorAll('[data-sentence]')) {
      const node = sentence.firstChild as Text;
      if (offset < before + node.length) {
        const range = document.createRange();
        range.setStart(node, offset - before);
        range.setEnd(node, offset - before + 1);
        pane.scrollIntoView({ block: 'center', behavior: 'instant' });
        pane.scrollTop += range.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 2;
        const { left, top, width, height } = range.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      }
      before += node.length;
    }
    throw new Error(`the text has no place ${offset}`);
  }, start);
  // The browser finds what is under the pointer in the last frame.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return at;
}

/** Clicks at this place of the text. */
async function clickPlace(page: Page, start: number): Promise<void> {
  // A paragraph has its height only when it has been in view.
  await scrollToPlace(page, start);
  const { x, y } = await scrollToPlace(page, start);
  await page.mouse.click(x, y);
}

/** Chooses the word at this place of the text, and waits for its figure. */
async function clickWord(page: Page, start: number): Promise<void> {
  await clickPlace(page, start);
  await expect(figureAt(page, start)).toBeVisible({ timeout: 60_000 });
}

const figureAt = (page: Page, start: number) => page.locator(`[data-testid="word-figure"][data-start="${start}"]`);

const chapter = (page: Page) => page.getByRole('region', { name: /^How “/ });

/** Chooses a head, both counted from 0, in the chapter of the word. */
async function chooseHead(page: Page, layer: number, head: number): Promise<void> {
  await checkHead(chapter(page), layer, head);
  await expect(page.locator(`[data-testid="word-figure"][data-layer="${layer}"][data-head="${head}"]`)).toBeVisible();
}

/** Holds back what the page asks of the network about words, until the test lets it go, by its number. */
async function holdReadings(page: Page): Promise<{ release: (number: number) => Promise<void> }> {
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    const held: (() => void)[] = [];
    Object.assign(window, { release: (number: number) => held[number]() });
    Worker.prototype.postMessage = function (this: Worker, ...message: [unknown]) {
      const send = () => post.apply(this, message);
      if (JSON.stringify(message[0]).includes('"exactRows":{"0"')) held.push(send);
      else send();
    };
  });
  return {
    release: (number) =>
      page.evaluate((i) => (window as unknown as { release: (i: number) => void }).release(i), number),
  };
}

/** Where the words of a text begin that are parted by blanks. */
const starts = (text: string) => Array.from(text.matchAll(/\S+/g), ({ index }) => index);

const close = (actual: unknown, expected: number, what: string) =>
  expect(Math.abs(Number(actual) - expected), `${what}: ${actual} for ${expected}`).toBeLessThan(1e-3);

async function checkTaken(page: Page, { taken }: Truth): Promise<void> {
  const bars = await page.getByTestId('taken').evaluateAll((labels) =>
    labels.map((label) => ({
      passage: Number((label as HTMLElement).dataset.passage),
      value: Number((label as HTMLElement).dataset.value),
      width: label.querySelector('.bar span')?.getBoundingClientRect().width ?? 0,
      negative: label.querySelector('.less') !== null,
    })),
  );
  expect(bars).toHaveLength(taken.length);
  const longest = Math.max(...taken.map(Math.abs));
  const room = Math.max(...bars.map(({ width }) => width));
  for (const [i, { passage, value, width, negative }] of bars.entries()) {
    close(value, taken[passage], `F·Z of landmark ${passage}`);
    expect(Math.abs(width / room - Math.abs(taken[passage]) / longest)).toBeLessThan(0.02);
    expect(negative).toBe(value < 0);
    if (i > 0) expect(value).toBeLessThanOrEqual(bars[i - 1].value);
  }
}

async function checkTen(page: Page, { passages, exactRow }: Truth, landmarkRow: number[]): Promise<void> {
  const shown = await page.getByTestId('ten').evaluate((table) => {
    const values = (row: Element) =>
      Array.from(row.querySelectorAll('td'), (cell) => Number((cell as HTMLElement).dataset.value));
    return {
      rows: Array.from(table.querySelectorAll('tbody tr'), (row) => ({
        passage: Number((row as HTMLElement).dataset.passage),
        values: values(row),
      })),
      together: values(table.querySelector('tfoot tr') as Element),
    };
  });
  const mass = (row: readonly number[], passage: number) => sum(row.slice(...passages[passage]));
  const rows = [landmarkRow, exactRow];
  const ten = passages
    .map((_, passage) => passage)
    .sort((a, b) => mass(exactRow, b) - mass(exactRow, a))
    .slice(0, 10);
  expect(shown.rows.map(({ passage }) => passage)).toEqual(ten);
  for (const { passage, values } of shown.rows) {
    expect(values).toHaveLength(rows.length);
    for (const [i, row] of rows.entries()) close(values[i], mass(row, passage), `mass on ${passage}`);
  }
  for (const [i, row] of rows.entries()) {
    close(shown.together[i], sum(ten.map((passage) => mass(row, passage))), 'mass together');
  }
}

/** The heights of a lane's bars, at each token, as the path draws them. */
async function laneHeights(page: Page, id: string, n: number): Promise<number[]> {
  const paths = await page
    .getByTestId(`lane-${id}`)
    .locator('path:is(.more, .less)')
    .evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? ''));
  const heights = Array<number>(n).fill(0);
  for (const [, from, height, to] of paths.join('').matchAll(/M(\d+) 0V([-\d.e]+)H(\d+)V0/g)) {
    heights.fill(-Number(height), Number(from), Number(to));
  }
  return heights;
}

async function checkLane(page: Page, id: string, row: readonly number[]): Promise<void> {
  const heights = await laneHeights(page, id, row.length);
  for (const [token, value] of row.entries()) {
    close(heights[token] / row.length, value, `lane ${id}, token ${token}`);
  }
}

/** The shade of each place of the text in a pane. */
async function shadesOf(page: Page, id: string): Promise<string[]> {
  return page.getByTestId(`row-${id}`).evaluate((pane) => {
    const nodes = Array.from(pane.querySelectorAll('[data-sentence]'), ({ firstChild }) => firstChild as Text);
    const before = new Map<Node, number>();
    let length = 0;
    for (const node of nodes) {
      before.set(node, length);
      length += node.length;
    }
    const shades = Array<string>(length).fill('');
    for (const [name, highlight] of CSS.highlights) {
      if (!/^(more|less)-\d$/.test(name)) continue;
      for (const range of highlight as unknown as Iterable<Range>) {
        const start = before.get(range.startContainer);
        const end = before.get(range.endContainer);
        if (start === undefined || end === undefined) continue;
        shades.fill(name, start + range.startOffset, end + range.endOffset);
      }
    }
    return shades;
  });
}

/** Compares, and says how many words have a shade. */
async function checkShades(page: Page, id: string, row: readonly number[], places: readonly number[]): Promise<number> {
  const shades = await shadesOf(page, id);
  let shaded = 0;
  for (const [i, place] of places.entries()) {
    const multiple = row[i + 1] * row.length; // after [CLS]
    const step = Math.min(4, Math.floor(Math.log2(Math.abs(multiple)))) + 1;
    if (Math.abs(Math.log2(Math.abs(multiple)) % 1) < 1e-3) continue; // on a border
    const shade = step < 1 ? '' : `${multiple < 0 ? 'less' : 'more'}-${step}`;
    expect(shades[place], `the shade of word ${i + 1}, ${multiple} times an even share`).toBe(shade);
    if (shade) shaded++;
  }
  return shaded;
}

async function checkFigure(page: Page, truth: Truth): Promise<void> {
  const figure = page.getByTestId('word-figure');
  await checkTaken(page, truth);
  close(await figure.getAttribute('data-local-share'), truth.localShare, 'local share');
  if (truth.landmarkRow) {
    close(await figure.getAttribute('data-difference'), apart(truth.landmarkRow, truth.exactRow), 'difference');
    await expect(figure).toContainText(
      'The network was trained with landmarks: this difference is not an error of the verdict.',
    );
    await checkTen(page, truth, truth.landmarkRow);
  }
}

test.describe('with the tiny model', () => {
  test.beforeEach(async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await serveTinyModel(page);
    await openPage(page);
  });

  const view = golden('tiny_views').traces.find(({ n }: { n: number }) => n === 150);
  for (const token of [7, 64]) {
    test(`bars, rows, difference and masses of token ${token} are the float64 twin's`, async ({ page }) => {
      const { layer, head, rows, exactRows } = view;
      const trace = traces.find((one) => one.n === 150 && one.layer === layer && one.head === head) as GoldenTrace;
      const gathered = Array.from({ length: trace.B.rows }, (_, landmark) => rowOf(trace.B, landmark));
      const taken = rowOf(trace.weights, token);
      const truth: Truth = {
        passages: trace.landmarks,
        taken,
        gathered,
        landmarkRow: times(taken, gathered),
        exactRow: rowOf(exactRows, rows.indexOf(token)),
        localShare: trace.localShare[token],
      };
      const text = textOfIds(ids[149]);
      const places = starts(text);
      await classify(page, text);
      await clickWord(page, places[token - 1]);
      await chooseHead(page, layer, head);
      await checkFigure(page, truth);
      for (const [id, row] of [
        ['landmarks', truth.landmarkRow],
        ['exact', truth.exactRow],
      ] as const) {
        await checkLane(page, id, row as number[]);
        expect(await checkShades(page, id, row as number[], places)).toBeGreaterThan(0);
      }
      for (const landmark of [2, 5]) {
        await page.locator(`[data-testid="taken"][data-passage="${landmark}"]`).click();
        await checkLane(page, 'gathered', gathered[landmark]);
      }
    });
  }

  test('a short text has no landmarks: every token against every token', async ({ page }) => {
    const text = textOfIds(ids[4]);
    await classify(page, text);
    await clickWord(page, starts(text)[1]);
    let shaded = 0;
    for (const trace of traces.filter(({ n }) => n === 5)) {
      await chooseHead(page, trace.layer, trace.head);
      await expect(page.getByTestId('seen')).toContainText('Read exactly: every token against every token.');
      const row = rowOf(trace.weights, 2);
      const truth: Truth = {
        passages: row.map((_, token) => [token, token + 1]),
        taken: row,
        gathered: null,
        landmarkRow: null,
        exactRow: row,
        localShare: trace.localShare[2],
      };
      await checkFigure(page, truth);
      await checkLane(page, 'exact', row);
      shaded += await checkShades(page, 'exact', row, starts(text));
      await expect(page.getByTestId('row-landmarks')).toHaveCount(0);
      await expect(page.getByTestId('lane-gathered')).toHaveCount(0);
    }
    expect(shaded).toBeGreaterThan(0);
  });

  test('the tokens of a word are taken together, and of a very long one the first 64', async ({ page }) => {
    const words = Array.from({ length: 30 }, (_, i) => `w${10 + i}`);
    const long = Array.from({ length: 40 }, (_, i) => `w${100 + i}`).join('_');
    const text = [...words, 'w77_w78', ...words, long].join(' ');
    const classifier = await loadTiny();
    const read = (tokens: number[]) => classifier.attention(text, { layer: 1, head: 1, exactRows: tokens });
    await classify(page, text);
    await clickWord(page, text.indexOf('w77_'));
    await chooseHead(page, 1, 1);
    await expect(chapter(page)).toContainText('This word’s 3 tokens are taken together.');
    await checkFigure(page, truthOf(await read([31, 32, 33]), [31, 32, 33]));
    await clickWord(page, text.indexOf(long));
    await expect(chapter(page)).toContainText(
      'This word’s 64 tokens are taken together. It has 79, of which these are the first.',
    );
    const first = Array.from({ length: 64 }, (_, i) => 64 + i);
    await checkFigure(page, truthOf(await read(first), first));
    await classifier.close();
  });

  test('without a pointer: arrows go on in the sentence of the word that was looked at', async ({ page }) => {
    const text = textOf(300);
    await classify(page, text);
    await page.getByTestId('strip').press('Home');
    await page.keyboard.press('ArrowRight');
    await page.getByTestId('sentences').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await expect(chapter(page)).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('sentences')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    const [start, end] = starts(text);
    await expect(page.getByText(`“${text.slice(start, end).trim()}”. Enter shows how it was read.`)).toBeAttached();
  });

  test('without a pointer: the strip leads to a sentence, arrows to a word, Enter shows it, Escape leads back', async ({
    page,
  }) => {
    const text = textOf(300);
    await classify(page, text);
    const strip = page.getByTestId('strip');
    const pane = page.getByTestId('sentences');
    await strip.press('Home');
    await strip.press('ArrowRight');
    const from = Number(await page.getByTestId('sentence').getAttribute('data-start'));
    expect(from).toBeGreaterThan(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect(pane).toBeFocused();
    const places = starts(text);
    const first = places.findIndex((place) => place >= from);
    const named = (i: number) => `“${text.slice(places[i], places[i + 1]).trim()}”`;
    await page.keyboard.press('ArrowRight');
    await expect(page.getByText(`${named(first)}. Enter shows how it was read.`)).toBeAttached();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByText(`${named(first - 1)}. Enter shows how it was read.`)).toBeAttached();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(figureAt(page, places[first + 1])).toBeVisible();
    await expect(chapter(page)).toBeFocused();

    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const layer = chapter(page).getByRole('group', { name: 'Layer' }).getByRole('radio', { checked: true });
    await expect(layer).toBeFocused();
    // The heatmap below keeps a choice of its own.
    await expect(page.getByRole('group', { name: 'Layer' }).getByRole('radio', { checked: true })).toHaveCount(2);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    await expect(page.locator('[data-testid="word-figure"][data-layer="0"][data-head="0"]')).toBeVisible();
    await page.keyboard.press('Tab');
    const chosen = chapter(page).getByTestId('taken').getByRole('radio', { checked: true });
    await expect(chosen).toBeFocused();
    await page.keyboard.press('ArrowDown');
    const second = page.getByTestId('taken').nth(1);
    await expect(second.getByRole('radio')).toBeChecked();
    const number = Number(await second.getAttribute('data-passage')) + 1;
    await expect(page.getByText(`What landmark ${number} gathered`, { exact: true })).toBeVisible();

    await page.keyboard.press('Tab');
    await expect(page.getByTestId('row-landmarks')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(chapter(page)).toBeFocused();
    await expect(figureAt(page, places[first + 2])).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(chapter(page)).toHaveCount(0);
    await expect(pane).toBeFocused();
  });

  test('nothing stale: a new head, a stop and a new text leave no figure of before', async ({ page }) => {
    const text = textOf(300);
    const [first, second] = starts(text).slice(3);
    const figures = page.getByTestId('word-figure');
    const progress = chapter(page).getByRole('progressbar');
    const choose = (name: string, number: string) =>
      chapter(page).getByRole('group', { name }).getByRole('radio', { name: number, exact: true }).check();
    await classify(page, text);
    await clickWord(page, first);
    const { release } = await holdReadings(page);

    await choose('Head', '1');
    await expect(progress).toBeVisible();
    await choose('Layer', '1');
    await release(1);
    const shown = page.locator('[data-testid="word-figure"][data-layer="0"][data-head="0"]');
    await expect(shown).toBeVisible();
    await release(0);
    await page.getByRole('button', { name: 'What would change it?' }).click();
    await expect(page.getByText('Without “').first()).toBeVisible();
    await expect(shown).toBeVisible();
    await expect(progress).toHaveCount(0);

    await choose('Head', '2');
    await chapter(page).getByRole('button', { name: 'Stop' }).click();
    await expect(chapter(page)).toContainText('Stopped.');
    await expect(figures).toHaveCount(0);
    await chapter(page).getByRole('button', { name: 'Start again' }).click();
    await release(3);
    await expect(figureAt(page, first)).toHaveAttribute('data-head', '1');

    await clickPlace(page, second);
    await expect(progress).toBeVisible();
    await expect(figures).toHaveCount(0);
    const other = textOf(400);
    await classify(page, other);
    await expect(chapter(page)).toHaveCount(0);
    await clickPlace(page, starts(other)[9]);
    await expect(progress).toBeVisible();
    await release(4);
    await release(5);
    await expect(figureAt(page, starts(other)[9])).toBeVisible();
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect(chapter(page)).toHaveCount(0);
  });
});

test('the shipped model: a word of several pieces in a long text, from the package’s F and Z', async ({ page }) => {
  test.setTimeout(180_000);
  const text = readFileSync(fixture('texts/long/negative-hotel.txt'), 'utf8');
  const classifier = await load();
  const { tokens } = await classifier.tokenize(text);
  const second = tokens.findIndex(({ text: piece, start }, i) => {
    const before = tokens[i - 1];
    return i > tokens.length / 2 && /^\p{L}+$/u.test(piece + before.text) && before.end === start;
  });
  const rows = [second - 1, second];
  expect(text.slice(tokens[rows[0]].start, tokens[second].end + 1)).toMatch(/^\p{L}+\P{L}$/u);
  const [layer, head] = [2, 7];
  const truth = truthOf(await classifier.attention(text, { layer, head, exactRows: rows }), rows);
  await classifier.close();
  expect(truth.passages).toHaveLength(32);

  await openPage(page);
  await classify(page, text);
  await clickWord(page, tokens[rows[0]].start);
  await chooseHead(page, layer, head);
  await expect(chapter(page)).toContainText('This word’s 2 tokens are taken together.');
  await checkFigure(page, truth);
});

test('the view is fetched when a word is chosen, not before, and again if that failed', async ({ page }) => {
  await serveTinyModel(page);
  const asked: string[] = [];
  let offline = true;
  await page.route(/\/assets\/one-word-[^/]*\.js$/, async (route) => {
    asked.push(route.request().url());
    await (offline ? route.abort() : route.continue());
  });
  await openPage(page);
  const text = textOf(20);
  await classify(page, text);
  expect(asked).toHaveLength(0);
  await clickPlace(page, starts(text)[4]);
  await expect(chapter(page)).toContainText('This part of the page could not be fetched.');
  offline = false;
  await chapter(page).getByRole('button', { name: 'Try again' }).click();
  await expect(figureAt(page, starts(text)[4])).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1440]) {
    test(`${colorScheme}, ${width} px: the view fits the page, axe finds nothing, every shade can be read on`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await useAxe(page);
      await serveTinyModel(page);
      await openPage(page);
      for (const text of [textOf(5), textOf(400)]) {
        await classify(page, text);
        await clickWord(page, starts(text)[1]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await findings(page)).toEqual([]);
      }
      const contrasts = await page.getByTestId('row-exact').evaluate((pane) => {
        const span = pane.querySelector('[data-sentence]') as Element;
        const context = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
        const luminance = (...colours: string[]) => {
          for (const colour of colours) {
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
          }
          const [r, g, b] = Array.from(context.getImageData(0, 0, 1, 1).data, (byte) => {
            const value = byte / 255;
            return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ink = luminance(getComputedStyle(span).color);
        const shades = ['more', 'less'].flatMap((side) => [1, 2, 3, 4, 5].map((step) => `${side}-${step}`));
        return shades.map((shade) => {
          const { backgroundColor } = getComputedStyle(span, `::highlight(${shade})`);
          const paper = luminance(getComputedStyle(pane).backgroundColor, backgroundColor);
          return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        });
      });
      expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
      // A shade that does not show would have the contrast of the paper, as the weakest nearly has.
      for (const side of [contrasts.slice(0, 5), contrasts.slice(5)]) {
        for (let i = 1; i < side.length; i++) expect(side[i]).toBeLessThan(side[i - 1]);
      }
    });
  }
}

test('words are the language’s, and their tokens are taken together', () => {
  const text = 'He said: don’t!';
  expect(wordsIn({ start: 100, text }).map(({ start, end }) => text.slice(start - 100, end - 100))).toEqual([
    'He',
    'said',
    'don’t',
  ]);
  const pieces = ['[CLS]', 'He', 'said', ':', 'do', 'n', '’', 't', '!', '[SEP]'];
  let end = 0;
  const tokens = pieces.map((piece) => {
    const special = piece.startsWith('[');
    const start = special ? end : text.indexOf(piece, end);
    end = special ? end : start + piece.length;
    return { text: piece, start, end, special };
  });
  expect(tokensOfWord(tokens, { start: 9, end: 14 })).toEqual({ start: 4, end: 8 });
  expect(wordsOfTokens([{ start: 0, text }], tokens).map((range) => [range.start, range.end])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 8],
    [8, 9],
    [9, 10],
  ]);
  expect(nameOfToken(text, [{ start: 0, text }], tokens, 5)).toBe('“don’t”');
  expect(nameOfToken(text, [{ start: 0, text }], tokens, 8)).toBe('“!”');
  expect(nameOfToken(text, [{ start: 0, text }], tokens, 9)).toBe('the end mark');
});

test('a row far from the exact one, or with another peak, is not called alike', () => {
  const text = 'warm dull slow';
  const tokens = ['warm', 'dull', 'slow'].map((word) => {
    const start = text.indexOf(word);
    return { text: word, start, end: start + word.length, special: false };
  });
  const say = (landmarkRow: number[], exactRow: number[]) =>
    inPlainWords(text, [{ start: 0, text }], {
      attention: { tokens },
      tokens: { start: 2, end: 3 },
      passages: [{ start: 0, end: 3 }],
      taken: Float32Array.of(1),
      landmarkRow: Float32Array.from(landmarkRow),
      exactRow: Float32Array.from(exactRow),
      localShare: 0.5,
    } as unknown as WordLook);
  expect(say([0.6, 0.3, 0.1], [0.62, 0.28, 0.1])).toContain('“warm”, nearly as exact attention would;');
  expect(say([0.5, 0.45, 0.05], [0.45, 0.5, 0.05])).toContain('though that would look most at “dull”;');
  expect(say([0.5, 0.3, 0.2], [0.7, 0.2, 0.1])).toContain('roughly as exact attention would;');
  expect(say([0.5, 0.4, 0.1], [0.3, 0.6, 0.1])).toContain(
    'otherwise than exact attention, which would look most at “dull”;',
  );
  expect(say([0.9, 0.1, 0], [0.4, 0.3, 0.3])).toContain('“warm”, and so would exact attention, though');
});
