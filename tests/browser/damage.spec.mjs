// The shipped files damaged on their way to a page: the error names the file, nothing of it is kept, and the next load heals.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { dist } from '../package/support.mjs';
import { openPackage, servePackage } from './serve-package.mjs';

const files = ['model/config.json', 'model/tokenizer.json', 'model/model.safetensors', 'wasm/relaxed-simd.wasm'];
const bytesOf = (file) => readFileSync(new URL(file, dist));

const whole = (bytes) => (response, head) => response.writeHead(200, head).end(bytes);
const halfAndNoMore = (bytes) => (response, head) => {
  response.writeHead(200, { ...head, 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2));
};
const brokenOff = (bytes) => (place) => (response, head) => {
  response.writeHead(200, { ...head, 'content-length': bytes.length });
  response.write(bytes.subarray(0, place), () => response.destroy());
};
const flipped = (bytes) => (place) => whole(bytes.with(place, bytes[place] ^ 1));

/** 20 places in a file, its first and last byte among them. */
const placesIn = ({ length }) => Array.from({ length: 20 }, (_, i) => Math.round((i / 19) * (length - 1)));

/** From a name to the answers, one for each load, and the error's code where the file is the model's. */
const damages = {
  'broken off at 20 places': [(bytes) => placesIn(bytes).map(brokenOff(bytes)), 'MODEL_NOT_FOUND'],
  'shorter, at 20 places': [
    (bytes) => placesIn(bytes).map((place) => whole(bytes.subarray(0, place))),
    'MODEL_INTEGRITY',
  ],
  'a flipped bit at 20 places': [(bytes) => placesIn(bytes).map(flipped(bytes)), 'MODEL_INTEGRITY'],
  'a page of HTML': [() => [whole('<!doctype html><title>Not here</title>')], 'MODEL_INVALID'],
  'not there': [() => [(response) => response.writeHead(404).end()], 'MODEL_NOT_FOUND'],
};

/** How each file is answered for now. */
const answers = {};
let site;
test.beforeAll(async () => {
  site = await servePackage(
    Object.fromEntries(files.map((file) => [`/dist/${file}`, (response, head) => answers[file](response, head)])),
  );
});
test.afterAll(async () => {
  await site.close();
  expect(site.violations).toEqual([]);
});
test.beforeEach(() => {
  for (const file of files) answers[file] = whole(bytesOf(file));
});

/** What a load in place rejects with, after so many milliseconds if it does not end. */
const failure = (page, patience = null) =>
  page.evaluate(async (milliseconds) => {
    const signal = milliseconds === null ? undefined : AbortSignal.timeout(milliseconds);
    return nystromformer.load({ worker: false, signal }).then(
      () => null,
      ({ name, code, message }) => ({ name, code, message }),
    );
  }, patience);

const kept = (page) =>
  page.evaluate(async () => {
    const keys = await (await caches.open('nystromformer')).keys();
    return keys.map(({ url }) => url.split('/').at(-2));
  });

async function expectHealed(page, file) {
  answers[file] = whole(bytesOf(file));
  const tokens = await page.evaluate(async () => {
    const classifier = await nystromformer.load({ worker: false });
    return (await classifier.classify('A film to remember, for once.')).tokens;
  });
  expect(tokens).toBe(10);
}

for (const file of files) {
  const name = file.split('/').at(-1);

  for (const [what, [answersOf, code]] of Object.entries(damages)) {
    test(`${name}: ${what}`, async ({ page }) => {
      await openPackage(page, site);
      for (const answer of answersOf(bytesOf(file))) {
        answers[file] = answer;
        const error = await failure(page);
        expect(error.code).toBe(name.endsWith('.wasm') ? 'WASM_NOT_FOUND' : code);
        expect(error.message).toContain(`${site.base}/dist/${file}`);
      }
      expect(await kept(page)).not.toContain(name);
      await expectHealed(page, file);
    });
  }

  test(`${name}: an older one that the browser still holds for fresh`, async ({ page }) => {
    await openPackage(page, site);
    answers[file] = (response, head) =>
      response.writeHead(200, { ...head, 'cache-control': 'max-age=3600' }).end(bytesOf(file).subarray(1));
    await page.evaluate(async (url) => (await fetch(url)).arrayBuffer(), `/dist/${file}`);
    await expectHealed(page, file);
  });

  test(`${name}: a server that stalls, ended by the signal`, async ({ page }) => {
    await openPackage(page, site);
    answers[file] = halfAndNoMore(bytesOf(file));
    expect(await failure(page, 1500)).toMatchObject({ name: 'TimeoutError' });
    expect(await kept(page)).not.toContain(name);
    await expectHealed(page, file);
  });
}
