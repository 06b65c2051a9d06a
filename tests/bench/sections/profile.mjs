// Where the relaxed module's time goes, by V8's sampling profiler.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { table } from '../measure.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = 'build/wasm/tests/bench/kernels/nystrom_network-relaxed-simd.cjs';
const kernelName = /nystrom::kernels::(\w+)</;

/** Kernels whose work the bound counts. */
const products = {
  matmul_int8: 'integer products of the layers',
  multiply_tile: "attention's products",
  convolve: 'convolution of the values',
  Square: "products of the landmarks' inverse",
};

/** The others, with what keeps each from being faster. */
const rest = {
  activate: 'GELU: some twenty operations for four values, whose products take 96',
  exponentiate: "exponentials of attention's scores: as many operations, and n² a head where attention is exact",
  quantise: 'rounding to 7 bits: two passes over a row, because its range must be known first',
  layer_norm_row: 'LayerNorm: three passes over a row that is in the nearest cache',
};

function sampled(tokens, texts) {
  const folder = mkdtempSync(join(tmpdir(), 'nystrom-profile-'));
  const options = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval', '200'];
  execFileSync(process.execPath, [...options, program, 'models/sentiment'], {
    cwd: root,
    input: `${tokens}\n`.repeat(texts),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const profile = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0])));
  rmSync(folder, { recursive: true });
  return profile;
}

/** Share of the kernels' time by kernel. */
function shares({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, kernelName.exec(callFrame.functionName)?.[1]]));
  const times = {};
  samples.forEach((id, i) => {
    const name = names.get(id);
    if (name !== undefined) times[name] = (times[name] ?? 0) + timeDeltas[i];
  });
  const total = Object.values(times).reduce((sum, time) => sum + time, 0);
  return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, time / total]));
}

export async function profile() {
  const columns = [
    [128, 150],
    [512, 40],
    [4096, 6],
  ].map(([tokens, texts]) => ({ tokens, shares: shares(sampled(tokens, texts)) }));
  const percent = (share) => columns.map(({ shares }) => `${(100 * share(shares)).toFixed(1)} %`);
  const named = [...Object.keys(products), ...Object.keys(rest)];
  const largestFirst = (names) => names.sort((a, b) => (columns[1].shares[b] ?? 0) - (columns[1].shares[a] ?? 0));
  const rows = (said) =>
    largestFirst(Object.keys(said)).map((name) => [
      `${name}: ${said[name]}`,
      ...percent((shares) => shares[name] ?? 0),
    ]);
  const others = percent((shares) => named.reduce((left, name) => left - (shares[name] ?? 0), 1));
  const head = ['', ...columns.map(({ tokens }) => `${tokens} tokens`)];
  return [
    '## Where the time goes',
    'Shares of the time in kernels, relaxed module, under the sampling profiler. Products first, then what the bound leaves ' +
      'out: the losses, largest first.',
    table(['products', ...head.slice(1)], rows(products)),
    table(['losses', ...head.slice(1)], [...rows(rest), ['every other kernel together', ...others]]),
  ].join('\n\n');
}
