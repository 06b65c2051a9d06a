// Takes the pictures in docs/screens: every state of the page, at three widths, light and dark. Arguments choose states.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import Papa from 'papaparse';
import { preview } from 'vite';

const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const root = fileURLToPath(new URL('../../web', import.meta.url));
const port = 4398;
const sizes = [
  [360, 740],
  [1024, 768],
  [1440, 900],
];
const mostBytes = 3_000_000;
const weights = /\.safetensors$/;

const open = (page) => page.goto(`http://localhost:${port}/`);
const at = (page, selector) =>
  page
    .locator(selector)
    .first()
    .evaluate((node) => node.scrollIntoView());

/** Opens the page and waits for its network, and for what that says of the example. */
async function ready(page) {
  await open(page);
  await page.getByTestId('verdict').waitFor();
  await page.getByTestId('heatmap').waitFor();
}

async function example(page, name) {
  await ready(page);
  await page.getByLabel('Examples').selectOption(`Example: ${name}`);
  await page.getByTestId('classify').click();
  await page.getByTestId('heatmap').waitFor();
}

/** The examples' sentences as CSV, each with the example that it is from. */
function sentences() {
  const names = ['film', 'hotel', 'complaint', 'river'];
  const rows = names.flatMap((name) =>
    readFileSync(`${root}/src/examples/${name}.txt`, 'utf8')
      .split(/(?<=[.?!])\s+/)
      .map((sentence) => [name, sentence.trim()]),
  );
  return Papa.unparse([['example', 'sentence'], ...rows]);
}

/** How to come to a state. What is then at the top of the screen is in the picture. */
const states = {
  loading: async (page) => {
    await page.route(weights, () => {});
    await open(page);
    await page.getByTestId('known').waitFor();
  },
  empty: async (page) => {
    await ready(page);
    await page.getByRole('button', { name: 'Clear' }).click();
  },
  verdict: ready,
  mixed: (page) => example(page, 'a hotel, good and bad'),
  weak: (page) => example(page, 'plain facts'),
  evidence: async (page) => {
    await ready(page);
    await page.getByTestId('strip').press('Home');
    await at(page, '#moved');
  },
  landmarks: async (page) => {
    await ready(page);
    await page.getByTestId('heatmap').click();
    await at(page, '#looked');
  },
  word: async (page) => {
    await ready(page);
    await page.getByTestId('strip').press('End');
    await page.getByTestId('sentences').press('ArrowRight');
    await page.getByTestId('sentences').press('Enter');
    await page.getByTestId('word-figure').waitFor();
  },
  steps: async (page) => {
    await ready(page);
    await page.goto(`http://localhost:${port}/#step=3`);
    await page.locator('.map canvas').nth(1).waitFor();
    await at(page, '#how');
  },
  heads: async (page) => {
    await ready(page);
    await page.goto(`http://localhost:${port}/#step=4`);
    await page.getByRole('button', { name: 'Layer 5, head 11' }).click();
    await page.getByTestId('matrix-layer-5-head-11-F').waitFor();
    await at(page, '#how');
  },
  table: async (page) => {
    await ready(page);
    await page
      .getByTestId('file-of-many')
      .setInputFiles({ name: 'sentences.csv', mimeType: 'text/csv', buffer: Buffer.from(sentences()) });
    await page.getByRole('button', { name: /^Read \d/ }).click();
    await page.locator('[data-testid=run][data-state=done]').waitFor();
    await at(page, '[data-testid=many]');
  },
  tested: async (page) => {
    await ready(page);
    await at(page, '#tested');
  },
  error: async (page) => {
    await page.route(weights, (route) => route.fulfill({ status: 404 }));
    await open(page);
    await page.getByRole('alert').waitFor();
  },
  offline: async (page) => {
    await ready(page);
    await page.context().setOffline(true);
  },
};

async function shoot(browser, name, [width, height], colorScheme) {
  const context = await browser.newContext({
    viewport: { width, height },
    // Wide pictures are shrunk: the repository carries them all.
    deviceScaleFactor: width < 1000 ? 1 : 0.75,
    colorScheme,
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await states[name](page);
  // On a phone the answer is what there is to see, and stands under the text; that there is no network stands on top.
  if (width < 960 && name !== 'offline' && (await page.evaluate(() => scrollY)) === 0) await at(page, '#answer');
  await page.screenshot({ path: `${folder}${name}-${width}-${colorScheme}.webp`, type: 'webp', quality: 45 });
  await context.close();
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(states);
const unknown = chosen.filter((name) => !(name in states));
if (unknown.length > 0)
  throw new Error(`no such state: ${unknown.join(', ')}; there are ${Object.keys(states).join(', ')}`);
mkdirSync(folder, { recursive: true });
const server = await preview({ root, preview: { host: 'localhost', port, strictPort: true } });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
for (const name of chosen) {
  for (const size of sizes) {
    for (const colorScheme of ['light', 'dark']) await shoot(browser, name, size, colorScheme);
  }
  console.log(name);
}
await browser.close();
await server.close();
const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(`${folder}${file}`).size, 0);
console.log(`${(bytes / 1e6).toFixed(2)} MB in docs/screens`);
if (bytes > mostBytes) throw new Error(`docs/screens must stay under ${mostBytes / 1e6} MB`);
