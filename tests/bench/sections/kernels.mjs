// google-benchmark's figures of every kernel beside the processor's peak.
import { execFileSync } from 'node:child_process';
import { table } from '../measure.mjs';

export function kernels() {
  const root = new URL('../../../', import.meta.url);
  const words = [
    'build/bench/tests/bench/kernels/nystrom_bench',
    '--benchmark_format=json',
    '--benchmark_min_time=0.2s',
  ];
  const { benchmarks } = JSON.parse(execFileSync('scripts/toolchain', words, { cwd: root, maxBuffer: 1e7 }));
  const kinds = [...new Set(benchmarks.map(({ name }) => name.split('/')[0]))];
  const names = [...new Set(benchmarks.map(({ name }) => name.slice(name.indexOf('/') + 1)))];
  const found = new Map(benchmarks.map((benchmark) => [benchmark.name, benchmark]));
  const cell = ({ rate, peak }) => `${(rate / 1e9).toFixed(1)} G/s${peak ? `, ${(100 * peak).toFixed(0)} %` : ''}`;
  const rows = names.map((name) => [name, ...kinds.map((kind) => cell(found.get(`${kind}/${name}`)))]);
  return `## Kernels, natively\n\nRate, and share of what registers alone allow.\n\n${table(['kernel', ...kinds], rows)}`;
}
