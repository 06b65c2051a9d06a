import type { Asset } from './assets.js';
import { type ErrorCode, NystromformerError } from './errors.js';

/** What an asset belongs to, which says how errors of its file are called. */
export type Part = 'model' | 'wasm';

export const missing: Record<Part, ErrorCode> = { model: 'MODEL_NOT_FOUND', wasm: 'WASM_NOT_FOUND' };
const html: Record<Part, ErrorCode> = { model: 'MODEL_INVALID', wasm: 'WASM_NOT_FOUND' };
const changed: Record<Part, ErrorCode> = { model: 'MODEL_INTEGRITY', wasm: 'WASM_NOT_FOUND' };

/** Throws if a file that was read is plainly another one: a page of HTML, or not what this package ships. */
export async function checkContent(asset: Asset, part: Part, bytes: Uint8Array): Promise<void> {
  if (isHtml(bytes)) {
    throw new NystromformerError(html[part], `${locationOf(asset)} is a page of HTML: serve ${asset.name} there`);
  }
  if (await isAsShipped(asset, bytes)) return;
  throw new NystromformerError(
    changed[part],
    `${locationOf(asset)} is not the ${asset.name} of this version of the package: its ${bytes.byteLength} bytes ` +
      `were cut or changed on the way. Serve the package's own file there and load again`,
  );
}

/** For messages: its URL, or its name if its bytes were passed in. */
export function locationOf({ name, source }: Asset): string {
  return typeof source === 'string' ? source : name;
}

/** Whether the bytes are those that the package ships, if the asset is one of its own. */
export async function isAsShipped({ size, sha256 }: Asset, bytes: Uint8Array): Promise<boolean> {
  if (sha256 === null) return true;
  if (bytes.byteLength !== size) return false;
  // Pages that came over plain HTTP have no crypto.subtle.
  if (globalThis.crypto?.subtle === undefined) return true;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return sha256 === Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Servers that answer every path with a page are the usual reason for a wrong file. */
function isHtml(bytes: Uint8Array): boolean {
  return /^\s*<(!doctype|html|\?xml|!--)/i.test(new TextDecoder().decode(bytes.subarray(0, 64)));
}
