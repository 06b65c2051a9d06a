// What holds for the page as a whole.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { classify, fixture, hold, openPage, serveTinyModel, textOf, weightsFile } from './open-page';

declare global {
  interface Window {
    shifts: string[];
  }
}

/** Keeps what moves in the page while nobody does anything, in words. */
async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null }[];
      })[]) {
        const moved = entry.sources.map(({ node }) => node?.textContent?.trim().slice(0, 40));
        if (!entry.hadRecentInput) window.shifts.push(`${entry.value}: ${moved.join(' | ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

for (const width of [360, 1024, 1440]) {
  test(`nothing jumps during a visit, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await watchShifts(page);
    const arrive = await hold(page, weightsFile);
    await page.goto('/');
    await expect(page.getByTestId('known')).toBeVisible();
    await page.getByTestId('known').scrollIntoViewIfNeeded();
    arrive();
    await expect(page.getByTestId('verdict')).toBeVisible({ timeout: 20_000 });
    await expect(page.getByTestId('heatmap')).toBeAttached({ timeout: 20_000 });
    await classify(page, readFileSync(fixture('texts/long/negative-hotel.txt'), 'utf8'));
    await expect(page.getByTestId('heatmap')).toBeAttached({ timeout: 20_000 });
    for (const name of ['strip', 'sentences', 'heatmap', 'card']) await page.getByTestId(name).scrollIntoViewIfNeeded();
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => window.shifts)).toEqual([]);
  });
}

test('all scripts up to the first picture weigh at most 100 kB, gzipped', async ({ page }) => {
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (/\.m?js$/.test(new URL(response.url()).pathname)) scripts.push(response.body());
  });
  await openPage(page);
  await expect(page.getByTestId('heatmap')).toBeVisible({ timeout: 20_000 });
  const sizes = (await Promise.all(scripts)).map((body) => gzipSync(body).length);
  expect(sizes.length).toBeGreaterThanOrEqual(2); // the page's and the worker's
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(100_000);
});

/** The contrast of an element's text with what is behind it, over this backdrop. */
function contrast(element: Locator, backdrop: string): Promise<number> {
  return element.evaluate((node, behind) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
    const luminanceOf = (...layers: string[]) => {
      for (const layer of layers) {
        context.fillStyle = layer;
        context.fillRect(0, 0, 1, 1);
      }
      const [r, g, b] = Array.from(context.getImageData(0, 0, 1, 1).data, (value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const resolved = (property: string) => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = `var(${property})`;
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    };
    const { color, backgroundColor } = getComputedStyle(node);
    const [text, ground] = [luminanceOf(color), luminanceOf(resolved(behind), backgroundColor)];
    return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
  }, backdrop);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: text stands out from every shade by 4.5 : 1`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await serveTinyModel(page);
    await openPage(page);
    await classify(page, textOf(300));
    const sentence = page.getByTestId('sentences').locator('[data-sentence]').first();
    for (const side of ['positive', 'negative']) {
      await sentence.evaluate((node, name) => {
        node.classList.remove('positive', 'negative');
        node.classList.add(name);
      }, side);
      const seen: number[] = [];
      for (let strength = 0; strength <= 100; strength += 5) {
        await sentence.evaluate((node, value) => node.style.setProperty('--strength', `${value}%`), strength);
        seen.push(await contrast(sentence, '--sheet'));
        expect(seen.at(-1), `${side}, ${strength} %`).toBeGreaterThanOrEqual(4.5);
      }
      expect(seen[20], `${side} is a shade`).toBeLessThan(seen[0] - 1);
    }
    // The marks in the text have the colours of those in the readout.
    await page.getByTestId('heatmap').hover();
    for (const name of ['place', 'landmark']) {
      const mark = page.getByTestId('cell').locator(`mark.${name}`);
      expect(await contrast(mark, '--sheet'), name).toBeGreaterThanOrEqual(4.5);
    }
    for (const [name, backdrop] of [
      ['verdict', '--sheet'],
      ['card', '--paper'],
    ])
      expect(await contrast(page.getByTestId(name), backdrop), name).toBeGreaterThanOrEqual(4.5);
  });
}

test('from a text to a pinned cell by keyboard alone', async ({ page }) => {
  await serveTinyModel(page);
  await openPage(page);
  const tabTo = async (target: Locator) => {
    for (let i = 0; i < 30; i++) {
      if (await target.evaluate((node) => node === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    await expect(target).toBeFocused();
  };
  await tabTo(page.getByTestId('text'));
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(`${textOf(32)}\n${textOf(30)}`);
  await tabTo(page.getByTestId('classify'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('tokens')).toContainText('6');
  await tabTo(page.getByTestId('strip'));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('sentence')).toContainText('pulls towards');
  await tabTo(page.getByRole('button', { name: 'What would change it?' }));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('without').getByRole('listitem').first()).toBeVisible();
  await expect(page.getByTestId('heatmap')).toBeVisible();
  await tabTo(page.getByTestId('heatmap'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cell')).toContainText('pinned');
});

test('a pinned cell is told where it can be seen, on a laptop’s screen', async ({ page }) => {
  await page.setViewportSize({ width: 1366, height: 640 });
  await serveTinyModel(page);
  await openPage(page);
  await classify(page, textOf(400));
  const map = page.getByTestId('heatmap');
  await map.evaluate((node) => node.scrollIntoView({ block: 'start' }));
  await map.click({ position: { x: 40, y: 20 } });
  await expect(page.getByTestId('cell')).toContainText('pinned');
  await expect(page.getByTestId('cell')).toBeInViewport({ ratio: 1 });
  await page.evaluate(() => document.getElementById('looked')?.scrollIntoView({ block: 'start' }));
  await expect(page.getByTestId('cell')).toBeInViewport({ ratio: 1 });
});

test('the page says what the model card says, and links to it', async ({ page }) => {
  const card = readFileSync(fixture('../../models/sentiment/MODEL_CARD.md'), 'utf8');
  await serveTinyModel(page);
  await openPage(page);
  await page.getByRole('link', { name: 'How sure is that?' }).click();
  await expect(page.getByRole('heading', { name: 'How sure, how tested' })).toBeFocused();
  await page.getByText('Everything that was measured').click();
  const table = page.getByRole('table').filter({ hasText: 'IMDB' });
  const rows = card.match(/^\| [^|]+ \| [\d.]+ % \|.*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    const [set, result, n] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    await expect(table.getByRole('row').filter({ hasText: set })).toContainText(`${result}${n}`);
  }
  const limit = /## What it cannot do\n\n- ([^\n]+)/.exec(card)?.[1] as string;
  await expect(page.getByRole('region', { name: 'About this page' })).toContainText(limit);
  const address = (await page.getByTestId('card').getAttribute('href')) as string;
  const linked = await page.request.get(new URL(address, page.url()).href);
  expect((await linked.text()).replace('\ufeff', '')).toBe(card);
});

test('without a connection the page says that it works', async ({ page, context }) => {
  await serveTinyModel(page);
  await openPage(page);
  await expect(page.getByRole('banner')).toContainText('Nothing you write leaves this device');
  await context.setOffline(true);
  await expect(page.getByRole('banner')).toContainText('You are offline: this page works all the same');
});
