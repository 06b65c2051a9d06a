import { expect, test } from '@playwright/test';
import { hold, modelFiles, openPage, serveTinyModel, weightsFile } from './open-page';

test('the network’s arrival is shown in bytes and as a bar, and a text may be given before', async ({ page }) => {
  await serveTinyModel(page);
  const arrive = await hold(page, weightsFile);
  await page.goto('/');
  await expect(page.getByRole('progressbar', { name: 'Fetching the network' })).toBeVisible();
  await expect(page.getByTestId('bytes')).toContainText('MB');
  await page.getByTestId('classify').click();
  await expect(page.getByText('Your text will be read as soon as it is here.')).toBeVisible();
  arrive();
  await expect(page.getByTestId('verdict')).toContainText('%');
});

test('a network that is not there is told in words, and fetched again when asked', async ({ page }) => {
  await serveTinyModel(page);
  await page.route(weightsFile, (route) => route.fulfill({ status: 404, body: 'no' }), { times: 1 });
  await page.goto('/');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The network could not be fetched.');
  await expect(alert).toContainText('404');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('verdict')).toBeVisible();
});

test('a page of HTML in the network’s place is told in words', async ({ page }) => {
  await page.route(modelFiles, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><p>Not here' }),
  );
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('The network arrived damaged.');
});

test('a program that is not there is told in words', async ({ page }) => {
  await serveTinyModel(page);
  await page.route(/\.wasm$/, (route) => route.fulfill({ status: 404, body: 'no' }));
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('The program that runs the network could not be fetched.');
});

test('nothing is asked of another origin, and nothing at all once the network is here', async ({ page, baseURL }) => {
  await serveTinyModel(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  // What the page's policy refuses is no request: the console alone tells of it.
  page.on('console', (message) => message.type() === 'error' && asked.push(message.text()));
  await openPage(page);
  expect(asked.filter((url) => !url.startsWith(String(baseURL)))).toEqual([]);
  const before = asked.length;
  await page.getByTestId('classify').click();
  await expect(page.getByTestId('heatmap')).toBeVisible();
  expect(asked.slice(before)).toEqual([]);
});

test('until the network has read the example the page shows what the build’s did, and that is the same', async ({
  page,
}) => {
  const arrive = await hold(page, weightsFile);
  await page.goto('/');
  const known = page.getByTestId('known');
  await expect(known).toBeVisible();
  await expect(page.getByText('read when this page was built')).toBeVisible();
  await expect(page.getByTestId('bytes')).toHaveText(/ of 1\d\.\d MB$/);
  const bars = () =>
    page
      .getByTestId('sentences')
      .locator('[data-sentence]')
      .evaluateAll((sentences) => sentences.map(({ outerHTML }) => outerHTML));
  const { label, logit } = await known.evaluate(({ dataset }) => ({ ...dataset }));
  const words = await known.textContent();
  const tokens = await page.getByTestId('tokens').textContent();
  const before = await bars();
  expect(before.length).toBeGreaterThan(30);
  arrive();
  const verdict = page.getByTestId('verdict');
  await expect(verdict).toBeVisible({ timeout: 20_000 });
  await expect(known).toHaveCount(0);
  expect(await verdict.evaluate(({ dataset }) => ({ ...dataset }))).toMatchObject({ label, logit });
  expect(await verdict.textContent()).toBe(words);
  expect(await page.getByTestId('tokens').textContent()).toBe(tokens);
  expect(await bars()).toEqual(before);
});

test('the example keeps the build’s verdict only as long as nobody edits it', async ({ page }) => {
  await page.route(weightsFile, () => {});
  await page.goto('/');
  const [text, known, strip] = ['text', 'known', 'strip'].map((id) => page.getByTestId(id));
  await expect(known).toBeVisible();
  await text.press('End');
  await text.press('x');
  await expect(known).toHaveCount(0);
  await expect(strip).toHaveCount(0);
  await text.press('Backspace');
  await expect(known).toBeVisible();
});

test('a blank text has no verdict', async ({ page }) => {
  await serveTinyModel(page);
  await openPage(page);
  await page.getByTestId('text').fill(' \n ');
  await page.getByTestId('classify').click();
  await expect(page.getByTestId('verdict')).toContainText('Nothing to read');
  await expect(page.getByTestId('heatmap')).toHaveCount(0);
});
