import type { Asset } from './assets.js';
import { isAsShipped } from './content.js';

// What the package ships is kept in the browser by its content, so that a second visit reads nothing from the network.
// Where that can't be done (plain HTTP, a private window, a full disk, Node) it is read anew: no failure is an error.

const cacheName = 'nystromformer';

/** Addresses that nobody serves. */
const folderOf = ({ name }: Asset) => `https://nystromformer.invalid/${name}/`;
const keyOf = (asset: Asset) => `${folderOf(asset)}${asset.sha256}`;

/** The bytes of an asset of this package, if they are here and intact; what is damaged is dropped. */
export async function recall(asset: Asset): Promise<Uint8Array | null> {
  if (asset.sha256 === null) return null;
  try {
    const cache = await caches.open(cacheName);
    const kept = await cache.match(keyOf(asset));
    if (kept === undefined) return null;
    const bytes = new Uint8Array(await kept.arrayBuffer());
    if (await isAsShipped(asset, bytes)) return bytes;
    await cache.delete(keyOf(asset));
  } catch {}
  return null;
}

/** Keeps the bytes of an asset of this package in place of an older version's. */
export async function keep(asset: Asset, bytes: Uint8Array): Promise<void> {
  if (asset.sha256 === null) return;
  try {
    const cache = await caches.open(cacheName);
    for (const { url } of await cache.keys()) {
      if (url.startsWith(folderOf(asset))) await cache.delete(url);
    }
    // A Response of bytes would copy all of them before the first verdict.
    const body = new ReadableStream({
      start(stream) {
        stream.enqueue(bytes);
        stream.close();
      },
    });
    await cache.put(keyOf(asset), new Response(body));
  } catch {}
}
