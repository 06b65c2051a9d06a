// `npx nystromformer`: the native command, compiled to WebAssembly.
import fs from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import start from 'nystrom-command';
import { detectFeatures } from './features.js';

const pause = new Int32Array(new SharedArrayBuffer(4));
const millisecondsBetweenReads = 2;

/** Waits for what isn't there yet: Node opens a pipe so that a read of nothing fails. */
const { readSync } = fs;
fs.readSync = ((...read: Parameters<typeof readSync>) => {
  for (;;) {
    try {
      return readSync(...read);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0; // of a pipe on Windows
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, millisecondsBetweenReads);
    }
  }
}) as typeof readSync;

const { relaxedSimd } = await detectFeatures();
const module = new URL(`./command/${relaxedSimd ? 'relaxed-simd' : 'simd128'}.wasm`, import.meta.url);
const model = fileURLToPath(new URL('./model', import.meta.url));

await start({
  arguments: process.argv.slice(2),
  wasmBinary: fs.readFileSync(module),
  preRun: ({ ENV }) => {
    Object.assign(ENV, process.env, { NYSTROMFORMER_MODEL: process.env.NYSTROMFORMER_MODEL || model });
  },
});
