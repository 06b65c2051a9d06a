// The package alone, in a page with a strict content security policy.
import { expect, test } from '@playwright/test';
import { loadTiny, words } from '../package/support.mjs';
import { openPackage, servePackage, tinyModel } from './serve-package.mjs';

let site;
test.beforeAll(async () => {
  site = await servePackage(tinyModel());
});
test.afterAll(async () => {
  await site.close();
  expect(site.violations).toEqual([]);
});

test('works in a worker of its own by default', async ({ page }) => {
  const requests = await openPackage(page, site);
  const texts = [words(400), words(30), ''];
  const { info, results, attention } = await page.evaluate(async (given) => {
    const classifier = await nystromformer.load({ model: 'model/' });
    const [info, results] = [await classifier.info(), await classifier.classify(given)];
    const { weights } = await classifier.attention(given[0], { layer: 1, head: 1 });
    await classifier.close();
    return { info, results, attention: { ...weights, data: [...weights.data] } };
  }, texts);
  expect(info).toMatchObject({ worker: true, module: 'relaxed-simd', model: 'tiny' });
  for (const path of ['/dist/worker.js', '/dist/wasm/relaxed-simd.wasm', '/model/model.safetensors']) {
    expect(requests).toContain(path);
  }
  const here = await loadTiny();
  for (const [index, expected] of (await here.classify(texts)).entries()) {
    expect(results[index]).toMatchObject({ tokens: expected.tokens, label: expected.label, empty: expected.empty });
    expect(results[index].logit).toBeCloseTo(expected.logit, 3);
  }
  const { weights } = await here.attention(texts[0], { layer: 1, head: 1 });
  expect([attention.rows, attention.columns]).toEqual([weights.rows, weights.columns]);
  for (const [index, value] of attention.data.entries())
    expect(Math.abs(value - weights.data[index])).toBeLessThan(1e-3);
  await here.close();
});

for (const worker of [true, false]) {
  test(`aborts while 65,536 tokens are read, ${worker ? 'in a worker' : 'in place'}`, async ({ page }) => {
    await openPackage(page, site);
    const outcome = await page.evaluate(
      async ([text, inWorker]) => {
        const classifier = await nystromformer.load({ model: 'model/', worker: inWorker });
        const controller = new AbortController();
        let reached = false;
        let turns = 0;
        const countTurns = () => {
          turns += 1;
          setTimeout(countTurns);
        };
        const onProgress = ({ fraction }) => {
          if (fraction < 0.2 || reached) return;
          reached = true;
          setTimeout(() => {
            controller.abort();
            countTurns();
          });
        };
        const error = await classifier
          .classify(text, { signal: controller.signal, onProgress })
          .catch((reason) => reason);
        const turnsUntilSettled = turns;
        const { tokens } = await classifier.classify('w7');
        await classifier.close();
        return { name: error.name, turnsUntilSettled, tokens };
      },
      [words(65_534), worker],
    );
    expect(outcome).toMatchObject({ name: 'AbortError', tokens: 3 });
    expect(outcome.turnsUntilSettled).toBeLessThanOrEqual(3);
  });
}

test('a worker that dies rejects every pending call, and the next call starts another', async ({ page }) => {
  await openPackage(page, site);
  await page.evaluate(async () => {
    window.classifier = await nystromformer.load({ model: 'model/' });
  });
  await page.workers()[0].evaluate(() => {
    const fail = () => {
      throw new Error('a mistake');
    };
    addEventListener('message', () => setTimeout(fail), { once: true });
  });
  const pending = page.evaluate(async (text) => {
    const settled = await Promise.allSettled([window.classifier.classify(text), window.classifier.classify([text])]);
    return settled.map(({ status, reason }) => [status, reason?.code]);
  }, words(200_000));
  expect(await pending).toEqual([
    ['rejected', 'ENGINE_FAILED'],
    ['rejected', 'ENGINE_FAILED'],
  ]);
  expect(await page.evaluate(async () => (await window.classifier.classify('w7')).tokens)).toBe(3);
});

test('errors name the file', async ({ page }) => {
  await openPackage(page, site);
  const errors = await page.evaluate(async () => {
    const calls = [
      { model: 'nowhere/' },
      { model: 'model/', wasm: { simd128: 'index.html' } },
      { model: 'model/', wasm: { simd128: 'nowhere.wasm' } },
      { model: 'http://[' },
    ];
    const settled = await Promise.allSettled(calls.map((options) => nystromformer.load(options)));
    return settled.map(({ reason: { name, code, message } }) => ({ name, code, message }));
  });
  expect(errors.map(({ name }) => name)).toEqual(Array(4).fill('NystromformerError'));
  expect(errors.map(({ code }) => code)).toEqual([
    'MODEL_NOT_FOUND',
    'WASM_NOT_FOUND',
    'WASM_NOT_FOUND',
    'INPUT_INVALID',
  ]);
  for (const [index, part] of [
    `${site.base}/nowhere/`,
    `${site.base}/index.html`,
    `${site.base}/nowhere.wasm`,
    'http://[',
  ].entries()) {
    expect(errors[index].message).toContain(part);
  }
});

test('a worker that cannot be started is an error that names it', async ({ page }) => {
  await page.route('**/dist/worker.js', (route) => route.fulfill({ status: 404 }));
  await openPackage(page, site);
  const error = await page.evaluate(() =>
    nystromformer.load({ model: 'model/' }).catch(({ code, message }) => ({ code, message })),
  );
  expect(error.code).toBe('ENGINE_FAILED');
  expect(error.message).toContain(`${site.base}/dist/worker.js`);
});
