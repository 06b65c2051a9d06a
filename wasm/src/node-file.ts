import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fetchFile } from './fetch-file.js';
import type { OpenedFile } from './read.js';

/** Reads a file:// URL from the disk, others as pages do. */
export async function openFile(url: string, signal: AbortSignal, cache: RequestCache): Promise<OpenedFile> {
  if (!url.startsWith('file:')) return fetchFile(url, signal, cache);
  const path = fileURLToPath(url);
  const { size } = await stat(path);
  return { size, chunks: createReadStream(path, { signal, highWaterMark: 1 << 20 }) };
}
