import type { Watch } from './protocol.js';

/**
 * Runs `work` under one signal that stands for several. The promise rejects with the reason as soon as one of them
 * aborts, or with what `onProgress` throws.
 */
export function watched<Progress, Result>(
  signals: (AbortSignal | undefined)[],
  onProgress: ((progress: Progress) => void) | undefined,
  work: (watch: Watch<Progress>) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const { signal } = controller;
  return new Promise<Result>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    const releases = signals.map((from) => follow(from, controller));
    const release = () => {
      for (const stop of releases) stop();
    };
    if (signal.aborted) return release();
    const report = (progress: Progress) => {
      try {
        if (!signal.aborted) onProgress?.(progress);
      } catch (error) {
        controller.abort(error);
      }
    };
    work({ signal, onProgress: report }).then(resolve, reject).finally(release);
  });
}

/** A watch that hears of an abort and tells nobody of progress. */
export function silent(signal: AbortSignal): Watch<unknown> {
  return { signal, onProgress: () => {} };
}

/** Aborts `controller` when `from` aborts, until the function that it returns is called. */
export function follow(from: AbortSignal | undefined, controller: AbortController): () => void {
  if (from === undefined) return () => {};
  const forward = () => controller.abort(from.reason);
  if (from.aborted) forward();
  else from.addEventListener('abort', forward, { once: true });
  return () => from.removeEventListener('abort', forward);
}
