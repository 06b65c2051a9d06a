// A folder on a server of its own that remembers what was asked for.
import { createReadStream, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { listen, types } from '../listen.mjs';

export async function serve(folder, headers = {}) {
  const requests = [];
  const { base, close } = await listen(({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    requests.push(pathname);
    const path = join(folder, normalize(pathname), pathname.endsWith('/') ? 'index.html' : '');
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    const type = types[extname(path)] ?? 'application/octet-stream';
    createReadStream(path).pipe(response.writeHead(200, { 'content-type': type, ...headers }));
  });
  return { address: `${base}/`, requests, close };
}
