import type { Asset } from './assets.js';
import { recall } from './browser-cache.js';
import { checkContent, missing, type Part } from './content.js';
import { NystromformerError } from './errors.js';
import { outOfMemory } from './out-of-memory.js';
import { messageOf } from './plain-error.js';
import type { LoadProgress } from './types.js';
import { follow } from './watched.js';

export interface OpenedFile {
  /** In bytes, or null where it isn't known before the end. */
  size: number | null;
  chunks: AsyncIterable<Uint8Array>;
}

/** Starts to read a URL; `cache` is what HTTP's own cache may be asked. Rejects if there is no such file. */
export type OpenFile = (url: string, signal: AbortSignal, cache: RequestCache) => Promise<OpenedFile>;

export interface ReadOptions {
  openFile: OpenFile;
  signal: AbortSignal;
  onProgress: (progress: LoadProgress) => void;
}

export interface ReadRequest {
  asset: Asset;
  part: Part;
  /** Works on the file as soon as it is there, while others still arrive; if that fails, they are dropped. */
  use?: (bytes: Uint8Array) => Promise<void>;
}

export interface ReadFile {
  bytes: Uint8Array;
  /** Whether the browser's cache had it. */
  kept: boolean;
}

/** Reads all files at once; if one fails the others are dropped. Its last report of progress is a fraction of exactly 1. */
export async function readFiles(
  requests: ReadRequest[],
  { openFile, signal, onProgress }: ReadOptions,
): Promise<ReadFile[]> {
  signal.throwIfAborted();
  const counter = new Counter(
    requests.map(({ asset }) => asset.size),
    onProgress,
  );
  const stop = new AbortController();
  const release = follow(signal, stop);
  try {
    const files = await Promise.all(
      requests.map(async ({ asset, part, use }, index) => {
        const file = await readAsset(asset, part, openFile, stop.signal, {
          size: (bytes: number | null) => counter.setSize(index, bytes),
          chunk: (bytes: number) => counter.add(index, bytes),
        });
        await use?.(file.bytes);
        return file;
      }),
    );
    counter.finish();
    return files;
  } catch (error) {
    stop.abort(error);
    throw signal.aborted ? signal.reason : error;
  } finally {
    release();
  }
}

interface Listener {
  size: (bytes: number | null) => void;
  chunk: (bytes: number) => void;
}

async function readAsset(
  asset: Asset,
  part: Part,
  openFile: OpenFile,
  signal: AbortSignal,
  on: Listener,
): Promise<ReadFile> {
  const { source } = asset;
  const recalled = await recall(asset);
  if (recalled !== null) {
    on.chunk(recalled.byteLength);
    return { bytes: recalled, kept: true };
  }
  if (typeof source !== 'string') on.chunk(source.byteLength);
  // HTTP's cache may hold an older version's file, which would be refused for as long as it is kept there.
  const open = (url: string) => openFile(url, signal, asset.sha256 === null ? 'default' : 'no-cache');
  const bytes = typeof source === 'string' ? await readFile(source, asset.size, part, open, signal, on) : source;
  await checkContent(asset, part, bytes);
  return { bytes, kept: false };
}

async function readFile(
  url: string,
  size: number | null,
  part: Part,
  open: (url: string) => Promise<OpenedFile>,
  signal: AbortSignal,
  on: Listener,
): Promise<Uint8Array> {
  try {
    const file = await open(url);
    on.size(file.size);
    // Filled as it arrives: to put 14 MB together in the end takes a tenth of the time from nothing to a verdict.
    let bytes = new Uint8Array(size ?? file.size ?? 0);
    let read = 0;
    for await (const chunk of file.chunks) {
      signal.throwIfAborted();
      const end = read + chunk.byteLength;
      if (end > bytes.byteLength) {
        const larger = new Uint8Array(2 * end);
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(chunk, read);
      read = end;
      on.chunk(chunk.byteLength);
    }
    return bytes.subarray(0, read);
  } catch (error) {
    if (error instanceof RangeError) throw outOfMemory(error, 'Use a smaller model');
    throw new NystromformerError(
      missing[part],
      `${url} could not be read: ${messageOf(error)}. Check that the file is there`,
      { cause: error },
    );
  }
}

/** Adds up the bytes of several files. */
class Counter {
  readonly #sizes: (number | null)[];
  readonly #loaded: number[];
  readonly #report: (progress: LoadProgress) => void;

  constructor(sizes: (number | null)[], report: (progress: LoadProgress) => void) {
    this.#sizes = sizes;
    this.#loaded = sizes.map(() => 0);
    this.#report = report;
  }

  /** Sizes known beforehand are true under any encoding, a server's word may be the compressed size. */
  setSize(index: number, size: number | null): void {
    this.#sizes[index] ??= size;
  }

  add(index: number, bytes: number): void {
    const loaded = (this.#loaded[index] ?? 0) + bytes;
    this.#loaded[index] = loaded;
    const size = this.#sizes[index] ?? null;
    if (size !== null && loaded > size) this.#sizes[index] = null;
    const sum = total(this.#loaded);
    const all = this.#sizes.includes(null) ? null : total(this.#sizes as number[]);
    if (sum !== all) this.#report({ loaded: sum, total: all, fraction: all === null ? null : sum / all });
  }

  finish(): void {
    const loaded = total(this.#loaded);
    this.#report({ loaded, total: loaded, fraction: 1 });
  }
}

function total(sizes: number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
