// Every kernel beside the processor's peak: natively by google-benchmark, inside this engine by our own small harness.
import { chromiumRates, moduleRates, nativeRates } from '../kernel-rates.mjs';
import { table } from '../measure.mjs';

const cell = ({ rate, peak }) =>
  `${(rate / 1e9).toFixed(1)} G/s${peak > 0 ? `, ${((100 * rate) / peak).toFixed(0)} %` : ''}`;

function tableOf(rates) {
  const kinds = [...new Set(rates.map(({ kind }) => kind))];
  const names = [...new Set(rates.map(({ name }) => name))];
  const row = (name) => kinds.map((kind) => cell(rates.find((rate) => rate.kind === kind && rate.name === name)));
  return table(
    ['kernel', ...kinds],
    names.map((name) => [name, ...row(name)]),
  );
}

export async function kernels() {
  const modules = ['relaxed-simd', 'simd128'];
  const rates = modules.flatMap(moduleRates);
  for (const module of modules) rates.push(...(await chromiumRates(module)));
  const parts = [
    '## Kernels',
    'Rate, and share of what a loop of registers alone reaches in the same run.',
    '### WebAssembly',
    tableOf(rates),
    '### Native',
    tableOf(nativeRates()),
  ];
  return parts.join('\n\n');
}
