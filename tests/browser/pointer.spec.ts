import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { classify, openPage, serveTinyModel, textOf } from './open-page';

/** What the page did for some moves of the pointer. */
interface Work {
  /** Of the layout with the most: boxes that had to be laid out anew. */
  boxes: number;
  /** Nodes that were added, taken away or changed, for all moves together. */
  nodes: number;
  /** Pictures that were drawn anew, and overlays that were. */
  pictures: number;
  overlays: number;
}

const moves = 12;

/** What a move may change: the words that say what is pointed at, and two marks. */
const mostNodes = 10;
/** And what must be laid out for that: the boxes of these words. */
const mostBoxes = 30;

interface Counts {
  nodes: number;
  pictures: number;
  overlays: number;
}

/** Counts in the page, from now on. */
function count(page: Page): Promise<void> {
  return page.evaluate(() => {
    const counts = { nodes: 0, pictures: 0, overlays: 0 };
    Object.assign(window, { counts });
    new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) counts.nodes += 1 + addedNodes.length + removedNodes.length;
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    const context = CanvasRenderingContext2D.prototype;
    const counting = (name: 'drawImage' | 'putImageData' | 'clearRect', what: 'pictures' | 'overlays') => {
      const draw = context[name] as (...all: unknown[]) => void;
      Object.assign(context, {
        [name](...all: unknown[]) {
          counts[what] += 1;
          draw.apply(this, all);
        },
      });
    };
    counting('drawImage', 'pictures');
    counting('putImageData', 'pictures');
    counting('clearRect', 'overlays');
  });
}

const drawn = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Moves the pointer to places of a view that is in sight, one a frame, and counts what that costs. */
async function workOf(browser: Browser, page: Page, view: Locator): Promise<Work> {
  await view.scrollIntoViewIfNeeded();
  const box = await view.boundingBox();
  if (!box) throw new Error('the view is not there');
  const place = (part: number) => [box.x + part * box.width, box.y + (0.2 + 0.6 * part) * box.height] as const;
  // What the first move brings is not the others' work.
  await page.mouse.move(...place(0.02));
  await drawn(page);
  await page.evaluate(() =>
    Object.assign((window as unknown as { counts: Counts }).counts, { nodes: 0, pictures: 0, overlays: 0 }),
  );
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  for (let move = 1; move <= moves; move++) {
    await page.mouse.move(...place(0.02 + (0.96 * move) / moves));
    await drawn(page);
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: { name: string; args: { beginData: { dirtyObjects: number } } }[];
  };
  const boxes = traceEvents.filter(({ name }) => name === 'Layout').map(({ args }) => args.beginData.dirtyObjects);
  const counts = await page.evaluate(() => (window as unknown as { counts: Counts }).counts);
  return { boxes: Math.max(...boxes), ...counts };
}

test('a pointer costs no more over 16,000 tokens than over 500', async ({ page, browser }) => {
  test.setTimeout(180_000);
  await serveTinyModel(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const tokens of [500, 16_000]) {
    await openPage(page, '/#step=4');
    await classify(page, textOf(tokens));
    await page.getByRole('button', { name: 'Layer 2, head 1', exact: true }).click();
    await expect(page.getByTestId('matrix-layer-2-head-1-B')).toBeVisible({ timeout: 60_000 });
    await page.getByTestId('sentences').press('ArrowRight');
    await page.getByTestId('sentences').press('Enter');
    await expect(page.getByTestId('word-figure')).toBeVisible({ timeout: 60_000 });
    await count(page);
    for (const { view, linked } of [
      { view: page.getByTestId('strip'), linked: 0 },
      { view: page.getByTestId('sentences'), linked: 0 },
      { view: page.getByTestId('heatmap'), linked: 1 },
      // F, A, Z and B mark each other.
      { view: page.getByTestId('matrix-layer-2-head-1-B'), linked: 4 },
      { view: page.getByTestId('matrix-layer-2-head-1-A'), linked: 4 },
    ]) {
      const work = await workOf(browser, page, view);
      expect(work.pictures).toBe(0);
      expect(work.overlays).toBe(moves * linked);
      expect(work.nodes).toBeGreaterThan(0);
      expect(work.nodes).toBeLessThanOrEqual(moves * mostNodes);
      expect(work.boxes).toBeGreaterThan(0);
      expect(work.boxes).toBeLessThanOrEqual(mostBoxes);
    }
  }
});
