// The ways in which a text comes to the page, and leaves it.
import { expect, test } from '@playwright/test';
import { openPage } from './open-page';

const words = 'Ein „schöner“ Film: 5 € für alles.';

test.beforeEach(({ page }) => openPage(page));

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
for (const [name, buffer, text] of [
  ['UTF-8', Buffer.from(words), words],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${words}`), words],
  ['UTF-16, little-endian', utf16(words), words],
  ['UTF-16, big-endian', utf16(words).swap16(), words],
  ['Windows-1252', Buffer.from([0x35, 0x20, 0x80, 0x20, 0x66, 0xfc, 0x72, 0x20, 0x84]), '5 € für „'],
] as const) {
  test(`a file in ${name}`, async ({ page }) => {
    await page.getByTestId('file').setInputFiles({ name: 'review.txt', mimeType: 'text/plain', buffer });
    await expect(page.getByTestId('text')).toHaveValue(text);
  });
}

test('what is no text is named, and the text that was there stays', async ({ page }) => {
  const text = await page.getByTestId('text').inputValue();
  const buffer = Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]);
  await page.getByTestId('file').setInputFiles({ name: 'review.docx', mimeType: 'application/zip', buffer });
  await expect(page.getByText('review.docx is not a text file.')).toBeVisible();
  await expect(page.getByTestId('text')).toHaveValue(text);
});

test('a file that is dropped', async ({ page }) => {
  await page.getByTestId('text').evaluate((area, text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], 'dropped.md'));
    area.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, words);
  await expect(page.getByTestId('text')).toHaveValue(words);
});

test('a link holds the text, in what is never sent', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const text = `${words}\n#?&=% \ud800!`;
  await page.getByTestId('text').fill(text);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText('is in your clipboard')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());
  const other = await context.newPage();
  const sent: string[] = [];
  other.on('request', (request) => sent.push(new URL(request.url()).search));
  await other.goto(link);
  await expect(other.getByTestId('text')).toHaveValue(text.replace('\ud800', '\ufffd'));
  expect(sent.join('')).toBe('');
  await page.getByTestId('text').fill('long '.repeat(2000));
  await expect(page.getByText('is in your clipboard')).toHaveCount(0);
  expect(new URL(page.url()).hash).toBe('');
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText('too long for a link')).toBeVisible();
});

test('a link that is opened where the page is open already', async ({ page }) => {
  await page.evaluate(() => {
    location.hash = '#text=a%20wonderful%2C%20moving%20film&step=1';
  });
  await expect(page.getByTestId('text')).toHaveValue('a wonderful, moving film');
  await expect(page.getByTestId('tokens')).toHaveText('7 tokens');
  await expect(page.getByRole('navigation', { name: 'Steps' })).toBeVisible();
  await page.getByTestId('text').fill('a dull one');
  await expect.poll(() => new URL(page.url()).hash).toBe('#step=1');
});

test('examples can be walked through by keyboard', async ({ page }) => {
  const list = page.getByRole('combobox', { name: 'Examples' });
  const values: string[] = [];
  for (const index of ['1', '2', '3']) {
    await list.focus();
    await list.selectOption(index);
    await expect(list).toBeFocused();
    values.push(await page.getByTestId('text').inputValue());
  }
  expect(new Set(values).size).toBe(3);
});
