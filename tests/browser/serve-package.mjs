// The built package on a server of its own, in a page with a strict content security policy.
import { createReadStream, existsSync } from 'node:fs';
import { extname } from 'node:path';
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

/** The policy, whose violations in pages and workers come back to the server. */
export const reported = `${policy}; report-uri /violations`;

/** Serves the page, the package at /dist/, and `files`, from path to bytes or to what answers with a response and its
 * headers, with a policy and more headers. Gives the address, the reports of violations and `close`. */
export async function servePackage(files = {}, headers = { 'content-security-policy': reported }) {
  const violations = [];
  const collect = (request, response) => {
    request.setEncoding('utf8').on('data', (report) => violations.push(report));
    response.writeHead(204).end();
  };
  const made = { ...page, ...files };
  const { base, close } = await listen((request, response) => {
    const { url } = request;
    if (url === '/violations') return collect(request, response);
    const head = {
      ...headers,
      'content-type': types[extname(url)] ?? 'application/octet-stream',
    };
    const file = new URL(url.replace(/^\/dist\//, ''), dist);
    if (typeof made[url] === 'function') made[url](response, head);
    else if (url in made) response.writeHead(200, head).end(made[url]);
    else if (url.startsWith('/dist/') && existsSync(file)) createReadStream(file).pipe(response.writeHead(200, head));
    else response.writeHead(404).end();
  });
  return { base, violations, close };
}

/** Opens the page; gives the addresses that it asks for. */
export async function openPackage(page, { base }) {
  const requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await page.goto(`${base}/index.html`);
  await page.waitForFunction(() => 'nystromformer' in window);
  return requests;
}
