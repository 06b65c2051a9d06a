// The built package on a server of its own, in a page with a strict content security policy.
import { createReadStream, existsSync } from 'node:fs';
import { extname } from 'node:path';
import { expect } from '@playwright/test';
import { listen, policy, types } from '../listen.mjs';
import { dist, modelOfIds } from '../package/support.mjs';

const page = {
  '/index.html':
    '<!doctype html><title>package</title><link rel="icon" href="data:,"><script type="module" src="main.js"></script>',
  '/main.js': "import * as nystromformer from './dist/index.js'; window.nystromformer = nystromformer;",
};

/** The tiny model's files as a page finds them at model/. */
export function tinyModel() {
  const { config, tokenizer, weights } = modelOfIds('tiny-model');
  return { '/model/config.json': config, '/model/tokenizer.json': tokenizer, '/model/model.safetensors': weights };
}

/** Serves the page, the package at /dist/, and `files`, from path to bytes, with a policy and more headers. Gives the
 * address and `close`. */
export async function servePackage(files = {}, headers = { 'content-security-policy': policy }) {
  const made = { ...page, ...files };
  return listen(({ url }, response) => {
    const head = {
      ...headers,
      'content-type': types[extname(url)] ?? 'application/octet-stream',
    };
    const file = new URL(url.replace(/^\/dist\//, ''), dist);
    if (url in made) response.writeHead(200, head).end(made[url]);
    else if (url.startsWith('/dist/') && existsSync(file)) createReadStream(file).pipe(response.writeHead(200, head));
    else response.writeHead(404).end();
  });
}

/** Opens the page; gives the addresses that it asks for. A violation of the policy fails the test. */
export async function openPackage(page, { base }) {
  const requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  page.on('console', (message) => expect(message.text()).not.toContain('Content Security Policy'));
  await page.goto(`${base}/index.html`);
  await page.waitForFunction(() => 'nystromformer' in window);
  return requests;
}
