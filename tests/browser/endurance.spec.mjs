// What must not wear out in a page: models that come and go, and many texts.
import { expect, test } from '@playwright/test';
import { openPackage, servePackage, tinyModel } from './serve-package.mjs';

let site;
test.beforeAll(async () => {
  site = await servePackage(tinyModel());
});
test.afterAll(() => site.close());

test('200 times loaded, used and closed: no worker and no memory is kept', async ({ page }) => {
  test.setTimeout(180_000);
  await openPackage(page, site);
  const session = await page.context().newCDPSession(page);
  const heaps = [];
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
  }
  expect(heaps[3], heaps.join(' ')).toBeLessThan(1.2 * heaps[0]);
});

test('2,000 different texts: memory stays as it is', async ({ page }) => {
  test.setTimeout(180_000);
  await openPackage(page, site);
  const sizes = await page.evaluate(async () => {
    const classifier = await nystromformer.load({ model: 'model/' });
    const result = [];
    for (let i = 1; i <= 2000; i++) {
      const words = Array.from({ length: 1 + ((i * 7919) % 300) }, (_, k) => `w${5 + ((i * k) % 500)}`);
      await classifier.classify(words.join(' '));
      if (i % 500 === 0) result.push((await classifier.info()).memory);
    }
    return result;
  });
  expect(new Set(sizes).size, sizes.join(' ')).toBe(1);
});
