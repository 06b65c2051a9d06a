// What must not wear out in a page: models that come and go, many texts, aborts at any moment.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { words } from '../package/support.mjs';
import { openPackage, servePackage, tinyModel } from './serve-package.mjs';

let site;
test.beforeAll(async () => {
  site = await servePackage(tinyModel());
});
test.afterAll(() => site.close());

/** What the processes of pages and their workers take. */
async function megabytes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const resident = ({ id }) => Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]) / 1000;
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return pages.map(resident).reduce((sum, value) => sum + value);
}

test('200 times loaded, used and closed: no worker and no memory is kept', async ({ page, browser }) => {
  test.setTimeout(180_000);
  await openPackage(page, site);
  const session = await page.context().newCDPSession(page);
  const heaps = [];
  const marks = [];
  for (let i = 0; i < 4; i++) {
    const tokens = await page.evaluate(async () => {
      let sum = 0;
      for (let j = 0; j < 50; j++) {
        const classifier = await nystromformer.load({ model: 'model/' });
        sum += (await classifier.classify('w7')).tokens;
        await classifier.close();
      }
      return sum;
    });
    expect(tokens).toBe(150);
    await expect.poll(() => page.workers().length).toBe(0);
    await session.send('HeapProfiler.collectGarbage');
    heaps.push((await session.send('Runtime.getHeapUsage')).usedSize);
    marks.push(await megabytes(browser));
  }
  expect(heaps[3], heaps.join(' ')).toBeLessThan(1.2 * heaps[0]);
  expect(marks[3], marks.join(' ')).toBeLessThan(1.2 * marks[1]);
});

test('2,000 different texts: memory stays as it is', async ({ page, browser }) => {
  test.setTimeout(180_000);
  await openPackage(page, site);
  await page.evaluate(async () => {
    window.classifier = await nystromformer.load({ model: 'model/' });
  });
  const sizes = [];
  const marks = [];
  for (let from = 0; from < 2000; from += 500) {
    const size = await page.evaluate(async (first) => {
      for (let i = first; i < first + 500; i++) {
        const words = Array.from({ length: 1 + ((i * 7919) % 300) }, (_, k) => `w${5 + ((i * k) % 500)}`);
        await window.classifier.classify(words.join(' '));
      }
      return (await window.classifier.info()).memory;
    }, from);
    sizes.push(size);
    marks.push(await megabytes(browser));
  }
  expect(new Set(sizes).size, sizes.join(' ')).toBe(1);
  expect(marks[3], marks.join(' ')).toBeLessThan(1.2 * marks[1]);
});

test('500 aborts at any moment: every call settles, and the next one is right', async ({ page }) => {
  test.setTimeout(180_000);
  await openPackage(page, site);
  const outcome = await page.evaluate(
    async ([long, short]) => {
      const classifier = await nystromformer.load({ model: 'model/' });
      const { logit } = await classifier.classify(short);
      const reasons = [];
      let latest = 12; // milliseconds: as much as the machine takes, which the loop finds out
      for (let i = 0; i < 500; i++) {
        const controller = new AbortController();
        const { signal } = controller;
        const calls = [classifier.classify(long, { signal }), classifier.explain(long, { signal })];
        setTimeout(() => controller.abort(), (latest * ((i * 7919) % 120)) / 120);
        const ended = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected');
        reasons.push(...ended.map(({ reason }) => reason.name));
        latest *= ended.length > 0 ? 1.1 : 0.8;
      }
      return { reasons, right: (await classifier.classify(short)).logit === logit };
    },
    [words(2000), words(40)],
  );
  expect(new Set(outcome.reasons)).toEqual(new Set(['AbortError']));
  expect(outcome.reasons.length).toBeGreaterThan(100);
  expect(outcome.right).toBe(true);
});
