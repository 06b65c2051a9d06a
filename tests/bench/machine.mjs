// What a figure depends on.
import { readFileSync } from 'node:fs';

const interesting = ['sse4_1', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx_vnni', 'amx_int8'];

const info = readFileSync('/proc/cpuinfo', 'utf8');
const field = (name) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(info)?.[1] ?? 'unknown';
const flags = new Set(field('flags').split(' '));

/** Where the whole run is kept: the relaxed module is another one without that instruction. */
export const results = flags.has('avx_vnni') ? 'RESULTS.md' : 'RESULTS-without-avx-vnni.md';

/** One line: day, processor, what it can do, engine. */
export function machine() {
  const can = interesting.filter((flag) => flags.has(flag)).join(' ');
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${field('model name')} (${can}), Node ${process.versions.node}, V8 ${process.versions.v8}, one thread.`;
}
