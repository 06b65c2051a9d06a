// The page without a network, and one build of it in the place of another: on servers of its own, in a folder.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { writeServiceWorker } from '../../web/plugins/service-worker.ts';
import { listen, types } from '../listen.mjs';
import { classify, openPage } from './open-page';

test.use({ serviceWorkers: 'allow' });

const built = fileURLToPath(new URL('../../web/dist', import.meta.url));
const path = '/some/folder/';
const text = 'A wonderful film, warm and funny from beginning to end.';

/** A server of a folder's files, and what was asked of it. */
async function serve(folder) {
  const asked = [];
  const site = { folder, asked };
  const answer = ({ url }, response) => {
    asked.push(url);
    const name = url.slice(path.length) || 'index.html';
    const file = join(site.folder, name);
    if (!url.startsWith(path) || !existsSync(file)) return response.writeHead(404).end();
    const type = types[extname(name)] ?? 'application/octet-stream';
    return response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=600' }).end(readFileSync(file));
  };
  const { base, close } = await listen(answer);
  return Object.assign(site, { address: base + path, close });
}

/** A later build of the page, in a folder of its own: its script and its heading are others. */
function laterBuild() {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  cpSync(built, folder, { recursive: true });
  const script = readdirSync(join(folder, 'assets')).find((name) => /^index-.*\.js$/.test(name));
  const [from, to] = [join(folder, 'assets', script), join(folder, 'assets', 'index-later.js')];
  writeFileSync(to, readFileSync(from, 'utf8').replace('What does it all add', 'What does it now add'));
  rmSync(from);
  const page = join(folder, 'index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace(script, 'index-later.js'));
  writeServiceWorker(folder);
  return folder;
}

/** The builds that are kept whole, by their number of files. */
function keptBuilds(page) {
  return page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith(location.href));
    return Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  });
}

/** Waits until the page and its network are kept. */
async function settle(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect
    .poll(() => page.evaluate(async () => (await (await caches.open('nystromformer')).keys()).length))
    .toBe(4);
}

const logitOf = (page) => page.getByTestId('verdict').getAttribute('data-logit');

test('after one visit the page opens and reads without a server', async ({ page }) => {
  const site = await serve(built);
  await openPage(page, site.address);
  await classify(page, text);
  const logit = await logitOf(page);
  await settle(page);
  await site.close();
  await openPage(page, site.address);
  await classify(page, text);
  expect(await logitOf(page)).toBe(logit);
  await expect(page.getByTestId('heatmap')).toBeVisible({ timeout: 60_000 });
  await page.goto(`${site.address}index.html#text=Good`);
  await expect(page.getByTestId('text')).toHaveValue('Good');
});

test('the network is fetched once, and kept once: by the package', async ({ page }) => {
  const site = await serve(built);
  await openPage(page, site.address);
  await settle(page);
  await page.reload();
  await expect(page.getByTestId('verdict')).toBeVisible({ timeout: 20_000 });
  const ofPackage = /\.(json|safetensors|wasm)$/;
  expect(site.asked.filter((url) => ofPackage.test(url))).toHaveLength(4);
  const kept = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => url);
  });
  expect(kept.filter((url) => url.startsWith(site.address) && ofPackage.test(url))).toEqual([]);
  await site.close();
});

test('a new build takes over whole, and a page of the one before keeps its parts', async ({ page, context }) => {
  const site = await serve(built);
  await openPage(page, site.address);
  await settle(page);
  const script = await page.locator('script').getAttribute('src');
  const readScript = () => page.evaluate(async (url) => (await fetch(url)).text(), script);
  const old = await readScript();

  site.folder = laterBuild();
  const other = await context.newPage();
  await openPage(other, site.address);
  await expect(other.getByText('What does it now add')).toBeVisible();
  await expect.poll(() => keptBuilds(other)).toHaveLength(2);
  await expect
    .poll(() =>
      other.evaluate(async () => {
        const { installing, waiting, active } = await navigator.serviceWorker.ready;
        return (installing ?? waiting ?? active).state;
      }),
    )
    .toBe('activated');
  expect(await readScript()).toBe(old);

  await site.close();
  await openPage(page, site.address);
  await expect(page.getByText('What does it now add')).toBeVisible();
  const [files, laterFiles] = await keptBuilds(page);
  expect(laterFiles).toBe(files);
  rmSync(site.folder, { recursive: true });
});

test('a page of one build is not kept with the files of another', async ({ page }) => {
  const later = laterBuild();
  const mixed = mkdtempSync(join(tmpdir(), 'page-'));
  cpSync(later, mixed, { recursive: true });
  cpSync(built, mixed, { recursive: true });
  renameSync(join(later, 'index.html'), join(mixed, 'index.html'));
  const site = await serve(mixed);
  await openPage(page, site.address);
  const refused = await page.evaluate(() =>
    navigator.serviceWorker.register('./service-worker.js').then(
      async ({ installing }) => {
        await new Promise((resolve) => installing?.addEventListener('statechange', resolve));
        return installing?.state;
      },
      () => 'redundant',
    ),
  );
  expect(refused).toBe('redundant');
  expect((await keptBuilds(page)).filter((files) => files > 0)).toEqual([]);
  await site.close();
  for (const folder of [later, mixed]) rmSync(folder, { recursive: true });
});
