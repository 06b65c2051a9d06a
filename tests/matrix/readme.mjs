// The files that the package's README writes out, as somebody copies them: from a name to a text.
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../wasm/README.md', import.meta.url), 'utf8');

export const readme = Object.fromEntries(
  [...text.matchAll(/^```\w+ ([\w.]+)\n(.*?)^```$/gms)].map(([, name, code]) => [name, code]),
);
