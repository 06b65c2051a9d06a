// What TypeScript's tests take from support.mjs.
import type { Classifier, LoadOptions, ModelFiles } from 'nystromformer';

export declare const root: URL;
export declare const load: (options?: LoadOptions) => Promise<Classifier>;
export declare function loadTiny(options?: LoadOptions): Promise<Classifier>;
export declare function modelOfIds(name: string, config?: Record<string, number>): ModelFiles;
