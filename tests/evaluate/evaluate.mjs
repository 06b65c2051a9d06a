// How good a model is, through the package in Node, on rows that nothing was trained on.
// DATA_FOLDER is models/training's. V2 is read only when it is named, once a model is final.
import { parseArgs } from 'node:util';
import { load } from 'nystromformer';
import { sets } from './sets.mjs';

const usage = 'usage: npm run evaluate -- DATA_FOLDER [SET…] [--split V1,V2] [--model FOLDER] [--limit N]';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: 'string', default: 'V1' },
    model: { type: 'string' },
    limit: { type: 'string', default: 'Infinity' },
  },
});
const [folder, ...named] = positionals;
const names = named.length > 0 ? named : Object.keys(sets);
const unknown = names.find((name) => !(name in sets));
if (folder === undefined || unknown !== undefined) {
  console.error(unknown === undefined ? 'a data folder is missing' : `there is no set '${unknown}'`);
  console.error(usage);
  console.error(`sets: ${Object.keys(sets).join(', ')}`);
  process.exit(2);
}

const classifier = await load(values.model === undefined ? {} : { model: values.model });
const { model, module, parameters } = await classifier.info();
console.log(`${model}, ${parameters} parameters, module ${module}, rows of ${values.split}`);

let tokens = 0;
async function ask(texts) {
  const results = [];
  for await (const result of classifier.classifyMany(texts)) {
    results.push(result);
    tokens += result.tokens;
  }
  return results;
}

for (const name of names) {
  const began = performance.now();
  tokens = 0;
  const lines = await sets[name]({
    folder,
    parts: values.split.split(','),
    limit: Number(values.limit),
    classifier,
    ask,
  });
  const seconds = (performance.now() - began) / 1000;
  console.log(`${name} (${tokens} tokens in ${seconds.toFixed(0)} s)`);
  for (const line of lines) console.log(`  ${line}`);
}
await classifier.close();
