import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { golden } from './golden';
import { classify, fixture, openPage } from './open-page';

/** Texts of more than 2,000 tokens, and what the float64 twin makes of them with the shipped weights. */
const longTexts: { file: string; tokens: number; logit: number }[] = golden('long_texts').texts;

test('the example is read from its first word to its last', async ({ page }) => {
  await openPage(page);
  await page.getByTestId('classify').click();
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-label', 'positive', { timeout: 60_000 });
  expect(Number(await page.getByTestId('tokens').getAttribute('data-tokens'))).toBeGreaterThan(679);
  await expect(page.getByTestId('heatmap')).toHaveAttribute('data-rows', '32');
});

test('six long texts are read rightly, and as the twin reads them, with the network cut off once the page is there', async ({
  page,
  context,
}) => {
  test.setTimeout(180_000);
  expect(longTexts).toHaveLength(6);
  await openPage(page);
  await context.setOffline(true);
  for (const { file, tokens, logit } of longTexts) {
    await classify(page, readFileSync(fixture(`texts/long/${file}`), 'utf8'));
    const verdict = page.getByTestId('verdict');
    await expect(verdict, file).toHaveAttribute('data-label', file.slice(0, file.indexOf('-')));
    expect(Math.abs(Number(await verdict.getAttribute('data-logit')) - logit), file).toBeLessThan(0.1);
    expect(Number(await page.getByTestId('tokens').getAttribute('data-tokens'))).toBe(tokens);
    await expect(page.getByTestId('heatmap')).toBeVisible({ timeout: 60_000 });
  }
});

test('a reading of 65,536 tokens can be stopped, and the next one works', async ({ page }) => {
  await openPage(page);
  await page.getByTestId('text').fill('good '.repeat(65_534));
  await page.getByTestId('classify').click();
  const bar = page.getByRole('progressbar', { name: 'Reading the text' });
  await expect(bar).not.toHaveAttribute('aria-valuenow', '0', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop' }).press('Enter');
  await expect(page.getByText('Stopped.')).toBeVisible();
  await expect(page.locator('.answer')).toBeFocused();
  await expect(page.getByTestId('verdict')).toHaveCount(0);
  await classify(page, 'A wonderful film, warm and funny from beginning to end.');
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-label', 'positive');
});

test('a text in another language is read with a warning, English without', async ({ page }) => {
  await openPage(page);
  const doubt = page.getByTestId('doubt');
  await classify(page, 'Filmen börjar långsamt, men slutet är ett av de vackraste jag har sett i år.');
  await expect(doubt).toContainText('pieces each');
  await classify(page, '这部电影开头很慢,但结尾是我今年看过的最美的。');
  await expect(doubt).toContainText('does not know');
  await classify(page, 'The film starts slowly, but its end is one of the most beautiful that I have seen this year.');
  await expect(doubt).toHaveCount(0);
});

test('Clear forgets the verdict, and undoing brings the text back', async ({ page }) => {
  await openPage(page);
  await classify(page, 'A wonderful film, warm and funny from beginning to end.');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByTestId('text')).toHaveValue('');
  await expect(page.getByText('Ready to read.')).toBeVisible();
  await expect(page.getByTestId('heatmap')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+z');
  await expect(page.getByTestId('text')).toHaveValue('A wonderful film, warm and funny from beginning to end.');
});

test('the text that the page opens with is read again when it comes back', async ({ page }) => {
  await openPage(page);
  const examples = page.getByLabel('Examples');
  await examples.selectOption('Example: a hotel, good and bad');
  await expect(page.getByText('Ready to read.')).toBeVisible();
  await examples.selectOption('Example: a film that turns');
  await expect(page.getByTestId('verdict')).toContainText('%');
  await expect(page.getByRole('button', { name: 'What would change it?' })).toBeEnabled();
});

test('the examples: one reads both ways, one has little to say', async ({ page }) => {
  await openPage(page);
  const examples = page.getByLabel('Examples');
  await examples.selectOption('Example: a hotel, good and bad');
  await page.getByTestId('classify').click();
  await expect(page.getByTestId('balance')).toHaveText('with strong passages both ways');
  await examples.selectOption('Example: plain facts');
  await expect(page.getByText('Ready to read.')).toBeVisible();
  await page.getByTestId('classify').click();
  await expect(page.getByTestId('balance')).toHaveText('weak evidence either way');
});
