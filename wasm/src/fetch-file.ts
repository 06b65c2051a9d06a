import type { OpenedFile } from './read.js';

/** Reads over HTTP, and what else `fetch` knows. */
export async function fetchFile(url: string, signal: AbortSignal, cache: RequestCache): Promise<OpenedFile> {
  const response = await fetch(url, { signal, cache });
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
  // The length of an encoded body is that of its compressed bytes, and what arrives here is decoded.
  const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
  return { size: length === null ? null : Number(length), chunks: chunksOf(response) };
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
