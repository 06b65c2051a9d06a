import { exceptions, relaxedSimd, simd } from 'wasm-feature-detect';
import { NystromformerError } from './errors.js';

export interface Features {
  relaxedSimd: boolean;
}

/** What this engine can run, asked before anything is downloaded. */
export async function detectFeatures(): Promise<Features> {
  if (typeof WebAssembly === 'undefined') throw unsupported('WebAssembly');
  if (!(await simd())) throw unsupported('WebAssembly SIMD');
  if (!(await exceptions())) throw unsupported('WebAssembly exceptions');
  return { relaxedSimd: await relaxedSimd() };
}

function unsupported(what: string): NystromformerError {
  return new NystromformerError(
    'WASM_UNSUPPORTED',
    `This engine has no ${what}: use Chrome 100, Firefox 100, Safari 16.4, Node 20 or later, with WebAssembly enabled`,
  );
}
