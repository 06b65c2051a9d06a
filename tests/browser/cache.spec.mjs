// What the package keeps in the browser of its own files, in a page that is served on localhost.
import { expect, test } from '@playwright/test';
import { openPackage, servePackage } from './serve-package.mjs';

let site;
test.beforeAll(async () => {
  site = await servePackage();
});
test.afterAll(async () => {
  await site.close();
  expect(site.violations).toEqual([]);
});

const weights = '/dist/model/model.safetensors';
const text = 'A film to remember, for once.';

/** Loads the shipped model and reads a text; gives the logit and the shipped files that were asked for. */
async function read(page, server = site) {
  const requests = await openPackage(page, server);
  const logit = await page.evaluate(async (given) => {
    window.classifier = await nystromformer.load(); // closing its worker would end what it still writes
    return (await window.classifier.classify(given)).logit;
  }, text);
  return { logit, fetched: requests.filter((path) => /^\/dist\/(model|wasm)\//.test(path)) };
}

/** Names of the files that are kept. */
const kept = (page) =>
  page.evaluate(async () => {
    const keys = await (await caches.open('nystromformer')).keys();
    return keys.map(({ url }) => url.split('/').at(-2)).sort();
  });

const all = ['config.json', 'model.safetensors', 'relaxed-simd.wasm', 'tokenizer.json'];
const allKept = (page) => expect.poll(() => kept(page)).toEqual(all);

test('a second visit fetches nothing', async ({ page }) => {
  const first = await read(page);
  expect(first.fetched).toHaveLength(4);
  await allKept(page);
  expect(await read(page)).toEqual({ logit: first.logit, fetched: [] });
});

/** What a page with its own service worker has: it keeps the scripts, and leaves the rest to the package. */
const serviceWorker = `
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (!/\\.(wasm|json|safetensors)$/.test(new URL(event.request.url).pathname)) event.respondWith(answer(event.request));
});
async function answer(request) {
  const kept = await caches.open('scripts');
  try {
    const response = await fetch(request);
    await kept.put(request, response.clone());
    return response;
  } catch {
    return kept.match(request);
  }
}`;

test.describe(() => {
  test.use({ serviceWorkers: 'allow' });

  test('a second visit offline, when the server is gone, reads the same', async ({ page }) => {
    const server = await servePackage({ '/service-worker.js': serviceWorker });
    await openPackage(page, server);
    await page.evaluate(async () => {
      const controlled = new Promise((resolve) => {
        navigator.serviceWorker.oncontrollerchange = resolve;
      });
      await navigator.serviceWorker.register('service-worker.js');
      await controlled;
    });
    const { logit } = await read(page, server);
    await allKept(page);
    await server.close();
    expect(await read(page, server)).toEqual({ logit, fetched: [] });
  });
});

test('a damaged copy is dropped and fetched again, once', async ({ page }) => {
  const { logit } = await read(page);
  await allKept(page);
  await page.evaluate(async () => {
    const cache = await caches.open('nystromformer');
    const key = (await cache.keys()).find(({ url }) => url.includes('model.safetensors'));
    const bytes = new Uint8Array(await (await cache.match(key)).arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    await cache.put(key, new Response(bytes));
  });
  expect(await read(page)).toEqual({ logit, fetched: [weights] });
  await allKept(page);
  expect(await read(page)).toEqual({ logit, fetched: [] });
});

test('a file of another version gives way', async ({ page }) => {
  await openPackage(page, site);
  await page.evaluate(async () => {
    const cache = await caches.open('nystromformer');
    await cache.put('https://nystromformer.invalid/model.safetensors/an-older-one', new Response('older'));
  });
  await read(page);
  await allKept(page);
});

for (const [what, hinder] of [
  ['without the Cache API', () => Object.defineProperty(window, 'caches', { value: undefined })],
  [
    'where the Cache API refuses, as in private windows',
    () => {
      caches.open = () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));
    },
  ],
  ['without crypto.subtle', () => Object.defineProperty(crypto, 'subtle', { value: undefined })],
]) {
  test(`it works ${what}`, async ({ page }) => {
    await openPackage(page, site);
    await page.evaluate(hinder);
    const tokens = await page.evaluate(async (given) => {
      const classifier = await nystromformer.load({ worker: false });
      return (await classifier.classify(given)).tokens;
    }, text);
    expect(tokens).toBe(10);
  });
}

test('it works on a full disk', async ({ page }) => {
  await openPackage(page, site);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.base, quotaSize: 1_000_000 });
  await read(page);
  expect(await kept(page)).not.toContain('model.safetensors');
});
