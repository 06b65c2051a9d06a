// What tests/bench/kernels measures.
import { execFileSync } from 'node:child_process';

const root = new URL('../../', import.meta.url);
const program = (preset, suffix = '') => `build/${preset}/tests/bench/kernels/nystrom_bench${suffix}`;
const words = {
  native: ['scripts/toolchain', program('bench'), '--benchmark_format=json', '--benchmark_min_time=0.2s'],
  'relaxed-simd': [process.execPath, program('wasm-relaxed', '.cjs')],
  simd128: [process.execPath, program('wasm', '.cjs')],
};

/** `[{ kind: 'avx2', name: 'int8/384x384', rate, peak }]`: operations a second, and what registers alone allow (0 where
 * that is not known). `build` is native, relaxed-simd or simd128. */
export function kernelRates(build) {
  const [command, ...rest] = words[build];
  const output = execFileSync(command, rest, { cwd: root, maxBuffer: 1e7, stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(output).benchmarks.map(({ name, rate, peak }) => {
    const slash = name.indexOf('/');
    return { kind: name.slice(0, slash), name: name.slice(slash + 1), rate, peak };
  });
}
