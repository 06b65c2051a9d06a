// Every kernel of a reading, products beside the processor's peak: natively by google-benchmark, inside this engine by
// our own small harness.
import { chromiumRates, moduleRates, nativeRates } from '../kernel-rates.mjs';
import { table } from '../measure.mjs';

const cell = ({ rate, peak }) =>
  `${(rate / 1e9).toFixed(1)} G/s${peak > 0 ? `, ${((100 * rate) / peak).toFixed(0)} %` : ''}`;

/** A layer's products of integers, and how many multiply-adds each takes a token: query, key, value, output; inner; outer. */
const layer = { '384x384': 4 * 384 * 384, '384x1536+gelu': 384 * 1536, '1536x384': 1536 * 384 };

/** The rate of all of them together. */
function layerRate(kind, rates) {
  const shapes = Object.entries(layer).map(([shape, work]) => {
    const { rate, peak } = rates.find((rate) => rate.kind === kind && rate.name === `int8/${shape}`);
    return { work, rate, peak };
  });
  const total = shapes.reduce((sum, { work }) => sum + work, 0);
  const together = (key) => total / shapes.reduce((sum, shape) => sum + shape.work / shape[key], 0);
  return { kind, name: "int8, a layer's six", rate: together('rate'), peak: together('peak') };
}

/** What registers alone reach, by the kernel that stands for the kind of product, and how much of that is done a cycle. */
const alone = { 'registers alone, int8': 'int8/384x384', 'registers alone, float': 'matmul/384x384' };

function tableOf(measured, frequency) {
  const kinds = [...new Set(measured.map(({ kind }) => kind))];
  const rates = [...measured, ...kinds.map((kind) => layerRate(kind, measured))];
  const names = [...new Set(rates.map(({ name }) => name))];
  const row = (name) => kinds.map((kind) => cell(rates.find((rate) => rate.kind === kind && rate.name === name)));
  const peaks = Object.entries(alone).map(([title, name]) => [
    title,
    ...kinds.map((kind) => {
      const { peak } = rates.find((rate) => rate.kind === kind && rate.name === name);
      return peak > 0 ? `${(peak / 1e9).toFixed(1)} G/s, ${(peak / frequency).toFixed(0)} a cycle` : '';
    }),
  ]);
  return table(['kernel', ...kinds], [...names.map((name) => [name, ...row(name)]), ...peaks]);
}

export async function kernels() {
  const modules = ['relaxed-simd', 'simd128'];
  const rates = modules.flatMap(moduleRates);
  for (const module of modules) rates.push(...(await chromiumRates(module)));
  const { rates: native, frequency } = nativeRates();
  const parts = [
    '## Kernels',
    'Rate in 10⁹ a second, of products their operations, a multiply-add being two, and else values; and share of what a loop ' +
      'of registers alone reaches in the same run. A cycle is that of a chain of additions: ' +
      `${(frequency / 1e9).toFixed(2)} GHz.`,
    '### WebAssembly',
    tableOf(rates, frequency),
    '### Native',
    tableOf(native, frequency),
  ];
  return parts.join('\n\n');
}
