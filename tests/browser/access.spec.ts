import { expect, test } from '@playwright/test';
import { findings, overflow, useAxe } from './accessible';
import { classify, holdCalls, openPage, serveTinyModel, textOf, weightsFile } from './open-page';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1440]) {
    test(`${colorScheme}, ${width} px: every state fits the page and axe finds nothing`, async ({ page }) => {
      test.setTimeout(180_000);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      await useAxe(page);
      await serveTinyModel(page);
      await openPage(page);
      const check = async () => {
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await findings(page)).toEqual([]);
      };
      await check();
      for (const text of [textOf(400), textOf(5)]) {
        await page.getByTestId('text').fill(text);
        await page.getByTestId('classify').click();
        await page.getByTestId('heatmap').click();
        await expect(page.getByTestId('cell')).toContainText('pinned');
        await check();
      }
      await page.getByTestId('text').fill('x'.repeat(3000));
      await page.getByTestId('classify').click();
      await expect(page.getByTestId('heatmap')).toBeVisible();
      await check();
    });
  }
}

test('the shipped network’s heads stand beside each other on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await openPage(page, '/#step=4');
  await page.getByTestId('classify').click();
  const heads = page.getByRole('group', { name: 'All heads' }).getByRole('button');
  await expect(heads).toHaveCount(72, { timeout: 60_000 });
  const rights = await heads.evaluateAll((buttons) =>
    buttons.slice(0, 12).map((button) => {
      const { left, right } = button.getBoundingClientRect();
      return { left, right };
    }),
  );
  for (let i = 1; i < 12; i++) expect(rights[i].left).toBeGreaterThanOrEqual(rights[i - 1].right);
});

/** Live regions in one that is live, which would be said twice. */
const nested = ':is([aria-live=polite], [role=status], [role=alert]) :is([aria-live], [role=status], [role=alert])';

test('what goes wrong is said once, too', async ({ page }) => {
  await serveTinyModel(page);
  await page.route(weightsFile, (route) => route.fulfill({ status: 404, body: 'no' }));
  await page.goto('/');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.locator(nested)).toHaveCount(0);
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await expect(page.locator('.answer')).toBeFocused();
});

test('an answer is said once: no live region lies in another', async ({ page }) => {
  await serveTinyModel(page);
  await openPage(page);
  await classify(page, textOf(400));
  await expect(page.getByTestId('heatmap')).toBeVisible();
  for (const question of ['What would change it?', 'Would exact attention say the same?']) {
    const release = await holdCalls(page, 'classify');
    await page.getByRole('button', { name: question }).click();
    await expect(page.getByRole('progressbar')).toBeVisible();
    await expect(page.locator(nested)).toHaveCount(0);
    await release();
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await expect(page.locator(nested)).toHaveCount(0);
  }
});

test('the main path needs no pointer', async ({ page }) => {
  await serveTinyModel(page);
  await openPage(page);
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('text')).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('a wonderful, moving film');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('classify')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('verdict')).toContainText('%');
  await page.getByTestId('text').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('bad');
  await expect(page.getByText('You have changed the text since.')).toBeVisible();
  await expect(page.getByTestId('verdict').locator('.scale')).toBeHidden();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('tokens')).toHaveText('3 tokens');
});
