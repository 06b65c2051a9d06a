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
  return { relaxedSimd: (await relaxedSimd()) && relaxedDotIsRight() };
}

/**
 * `dot(1)` of this module multiplies bytes of 1 by bytes of 1 and adds four products to 0x01010101, all three of them
 * temporaries: the baseline compiler of V8 11 (Chrome 114 to 119) overwrites the last one.
 *
 *     (func (export "dot") (param i32) (result i32)
 *       (i32x4.extract_lane 0 (i32x4.relaxed_dot_i8x16_i7x16_add_s
 *         (i8x16.splat (local.get 0)) (i8x16.splat (local.get 0)) (i8x16.splat (local.get 0)))))
 */
const dotModule = 'AGFzbQEAAAABBgFgAX8BfwMCAQAHBwEDZG90AAAKFgEUACAA/Q8gAP0PIAD9D/2TAv0bAAs=';

function relaxedDotIsRight(): boolean {
  const bytes = Uint8Array.from(atob(dotModule), (character) => character.charCodeAt(0));
  try {
    const { dot } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    return (dot as (value: number) => number)(1) === 0x01010101 + 4;
  } catch {
    return false; // a policy forbids to compile: loading the other module says so
  }
}

function unsupported(what: string): NystromformerError {
  return new NystromformerError(
    'WASM_UNSUPPORTED',
    `This engine has no ${what}: use Chrome 100, Firefox 100, Safari 16.4, Node 20 or later, with WebAssembly enabled`,
  );
}
