// Where the package's files may be: beside the module, elsewhere, at another origin, or behind Trusted Types.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { dist } from '../package/support.mjs';
import { openPackage, reported, servePackage } from './serve-package.mjs';

const text = 'A film to remember, for once.';

/** Loads with these options, in the page's own words, and reads a text; gives its tokens, or what was thrown. */
const read = (page, options) =>
  page.evaluate(
    async ([given, words]) => {
      try {
        const classifier = await nystromformer.load(words && new Function(`return ${words}`)());
        return (await classifier.classify(given)).tokens;
      } catch ({ code, message }) {
        return { code, message };
      }
    },
    [text, options],
  );

test('a module without its files finds them at options.assets', async ({ page }) => {
  const site = await servePackage(
    {
      '/alone/index.js': readFileSync(new URL('index.js', dist)),
      '/main.js': "import * as nystromformer from './alone/index.js'; window.nystromformer = nystromformer;",
    },
    {},
  );
  await page.route('**/alone/shared-*', (route) =>
    route.continue({ url: route.request().url().replace('alone', 'dist') }),
  );
  const requests = await openPackage(page, site);
  const error = await read(page);
  expect(error.code).toBe('ENGINE_FAILED');
  expect(error.message).toContain(`${site.base}/alone/worker.js`);
  expect(error.message).toContain('options.assets');
  expect(await read(page, "{ assets: { base: '/dist' } }")).toBe(10);
  expect(requests).toEqual(expect.arrayContaining(['/dist/worker.js', '/dist/model/model.safetensors']));
  expect(await read(page, '{ assets: 7 }')).toMatchObject({ code: 'INPUT_INVALID' });
  await site.close();
});

test('a page of another origin', async ({ page }) => {
  const other = await servePackage({}, { 'access-control-allow-origin': '*' });
  const site = await servePackage(
    {
      '/main.js': `import * as nystromformer from '${other.base}/dist/index.js'; window.nystromformer = nystromformer;`,
    },
    {},
  );
  await openPackage(page, site);
  expect(await read(page)).toBe(10);
  expect(page.workers()).toHaveLength(1);
  await Promise.all([site.close(), other.close()]);
});

test('Trusted Types: options.worker starts the worker', async ({ page }) => {
  const site = await servePackage(
    {},
    { 'content-security-policy': `${reported}; require-trusted-types-for 'script'; trusted-types app` },
  );
  await openPackage(page, site);
  const refused = await read(page);
  expect(refused.code).toBe('ENGINE_FAILED');
  expect(refused.message).toContain('options.worker');
  await expect.poll(() => site.violations.length).toBe(1);
  const outcome = await page.evaluate(async (given) => {
    const trusted = trustedTypes.createPolicy('app', { createScriptURL: (url) => url });
    const worker = () => new Worker(trusted.createScriptURL('/dist/worker.js'), { type: 'module' });
    const classifier = await nystromformer.load({ worker });
    const { tokens } = await classifier.classify(given);
    return { tokens, info: await classifier.info() };
  }, text);
  expect(outcome.tokens).toBe(10);
  expect(outcome.info.worker).toBe(true);
  await site.close();
  expect(site.violations).toHaveLength(1);
});
