// What tests/bench/kernels measures: natively, in this engine, and in Chromium.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { withChromium } from './chromium.mjs';

const root = new URL('../../', import.meta.url);
const native = [
  'scripts/toolchain',
  'build/bench/tests/bench/kernels/nystrom_bench',
  '--benchmark_format=json',
  '--benchmark_min_time=0.2s',
];
const program = (module) => `build/wasm/tests/bench/kernels/nystrom_bench-${module}`;

/** `[{ kind: 'avx2', name: 'int8/384x384', rate, peak }]`: operations a second, and what registers alone allow (0 where
 * that is not known). */
function ratesOf({ benchmarks }) {
  return benchmarks.map(({ name, rate, peak }) => {
    const slash = name.indexOf('/');
    return { kind: name.slice(0, slash), name: name.slice(slash + 1), rate, peak };
  });
}

const measured = (command, ...rest) =>
  JSON.parse(execFileSync(command, rest, { cwd: root, maxBuffer: 1e7, stdio: ['ignore', 'pipe', 'ignore'] }));

/** `frequency` is in cycles a second. */
export function nativeRates() {
  const { benchmarks, context } = measured(...native);
  return { rates: ratesOf({ benchmarks }), frequency: Number(context.frequency) };
}

/** `module` is relaxed-simd or simd128. */
export const moduleRates = (module) => ratesOf(measured(process.execPath, `${program(module)}.cjs`));

/** The same program in a page. */
export async function chromiumRates(module) {
  const path = program(module);
  const files = { '/bench.js': `${path}.cjs`, [`/nystrom_bench-${module}.wasm`]: `${path}.wasm` };
  return withChromium(async (page) => {
    await page.route('http://localhost/**', (route) => {
      const { pathname } = new URL(route.request().url());
      if (!(pathname in files)) return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
      return route.fulfill({
        contentType: pathname.endsWith('.js') ? 'text/javascript' : 'application/wasm',
        body: readFileSync(new URL(files[pathname], root)),
      });
    });
    await page.goto('http://localhost/');
    const lines = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const printed = [];
          window.Module = { print: (line) => printed.push(line), onExit: () => resolve(printed.join('')) };
          document.head.append(Object.assign(document.createElement('script'), { src: 'bench.js' }));
        }),
    );
    return ratesOf(JSON.parse(lines)).map((rate) => ({ ...rate, kind: `${rate.kind} in Chromium` }));
  });
}
