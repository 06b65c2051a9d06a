import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Plugin } from 'vite';

const name = 'service-worker.js';
const source = new URL('../service-worker.js', import.meta.url);

/** What the package keeps by itself: the network, and the program that runs it. */
const ofPackage = /\.(json|safetensors|wasm)$/;

function hash(algorithm: string, content: string | Buffer): string {
  return createHash(algorithm).update(content).digest('base64');
}

/** The files of the page in a folder, by the address that they are asked for, and what they hold. */
function shellOf(folder: string): [path: string, integrity: string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== name && !ofPackage.test(path) && statSync(join(folder, path)).isFile())
    .sort()
    .map((path) => [
      path === 'index.html' ? './' : `./${path.replaceAll(sep, '/')}`,
      `sha256-${hash('sha256', readFileSync(join(folder, path)))}`,
    ]);
}

/** Writes the service worker of the page that lies in a folder. */
export function writeServiceWorker(folder: string): void {
  const files = shellOf(folder);
  const build = hash('sha256', JSON.stringify(files)).slice(0, 12);
  const shell = `const shell = ${JSON.stringify({ build, files, ofPackage: ofPackage.source })};\n`;
  writeFileSync(join(folder, name), shell + readFileSync(source, 'utf8'));
}

/** Makes the page open without a network from the second visit on. */
export function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    writeBundle: ({ dir }) => writeServiceWorker(dir as string),
  };
}
