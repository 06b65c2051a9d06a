// Every example of the reference and of the package's README runs, and says something.
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

const readme = readFileSync(new URL('wasm/README.md', root), 'utf8');

/** The README's code for anywhere; what is for a page has a file's name and is run by tests/matrix. */
const blocks = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) =>
  code.replace("import { load } from 'nystromformer';\n\n", ''),
);

let classifier;
before(async () => {
  classifier = await load();
});
after(() => classifier.close());

const reference = ['wasm/src/types.ts', 'wasm/src/index.ts'].flatMap(examples);

test('there are examples', () => assert.deepEqual([reference.length, blocks.length], [9, 4]));

for (const code of [...reference, ...blocks]) {
  test(code.split('\n')[0], async () => {
    const said = [];
    const AsyncFunction = (async () => {}).constructor;
    const run = new AsyncFunction('load', 'classifier', 'longText', 'console', `{${code}}`);
    await run(load, classifier, longText, { log: (...words) => said.push(words.join(' ')) });
    assert.ok(said.length > 0);
    for (const line of said) assert.doesNotMatch(line, /undefined|NaN/);
  });
}

test('the README names every call, option and error', () => {
  const types = readFileSync(new URL('wasm/api.d.ts', root), 'utf8');
  const membersOf = (name) => {
    const [, body] = new RegExp(`interface ${name} \\{\n(.*?)^\\}`, 'ms').exec(types);
    return [...body.matchAll(/^ {4}(\w+)[?(]/gm)].map(([, member]) => member);
  };
  const codes = [...types.matchAll(/'([A-Z_]{5,})'/g)].map(([, code]) => code);
  const names = [...membersOf('Classifier'), ...membersOf('LoadOptions'), ...codes];
  assert.ok(names.length > 20, names.join(' '));
  for (const name of names) assert.match(readme, new RegExp(`\`${name}\\b`), name);
});
