// Every example of the reference runs, and says something.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fixtures, load, root } from './support.mjs';

const longText = readFileSync(new URL('texts/long/positive-film.txt', fixtures), 'utf8');

/** The code of each `@example` in a file's docstrings. */
function examples(path) {
  const text = readFileSync(new URL(path, root), 'utf8');
  return [...text.matchAll(/@example[^\n]*\n((?: *\* [^@\n]*\n)+)/g)].map(([, code]) => code.replace(/^ *\* /gm, ''));
}

let classifier;
before(async () => {
  classifier = await load();
});
after(() => classifier.close());

const all = ['wasm/src/types.ts', 'wasm/src/index.ts'].flatMap(examples);

test('there are examples', () => assert.equal(all.length, 9));

for (const code of all) {
  test(code.split('\n')[0], async () => {
    const said = [];
    const AsyncFunction = (async () => {}).constructor;
    const run = new AsyncFunction('load', 'classifier', 'longText', 'console', `{${code}}`);
    await run(load, classifier, longText, { log: (...words) => said.push(words.join(' ')) });
    assert.ok(said.length > 0);
    for (const line of said) assert.doesNotMatch(line, /undefined|NaN/);
  });
}
