// What a figure depends on.
import { readFileSync } from 'node:fs';

const interesting = ['sse4_1', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx_vnni', 'amx_int8'];

/** One line: day, processor, what it can do, engine. */
export function machine() {
  const info = readFileSync('/proc/cpuinfo', 'utf8');
  const field = (name) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(info)?.[1] ?? 'unknown';
  const flags = new Set(field('flags').split(' '));
  const can = interesting.filter((flag) => flags.has(flag)).join(' ');
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${field('model name')} (${can}), Node ${process.versions.node}, V8 ${process.versions.v8}, one thread.`;
}
