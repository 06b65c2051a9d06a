// What TypeScript's tests take from support.mjs.
import type { Classifier, LoadOptions } from 'nystromformer';

export declare const load: (options?: LoadOptions) => Promise<Classifier>;
export declare function loadTiny(options?: LoadOptions): Promise<Classifier>;
