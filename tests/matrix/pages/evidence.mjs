// 1,000 texts of 1 to 8,192 words: how far bias and evidence are from the logit, at most.
import { load } from 'nystromformer';

const vocabulary = `a an and because but for not of or the to was were with actor chair city coffee dinner garden hotel
morning music novel room river shoes story train waiter weather bad bitter bright dull early fine fresh good great kind
late loud poor quiet rude slow warm wonderful worn broke cost enjoyed forgot found hated left loved met read saw sold
thanked told wanted 7 40 🚀 unputdownable déjà`.split(/\s+/);

/** Repeatable draws from [0, 1). */
let state = 1;
function random() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

function textOf(words) {
  const drawn = () => vocabulary[Math.floor(vocabulary.length * random())] + (random() < 0.08 ? '.' : '');
  return Array.from({ length: words }, drawn).join(' ');
}

const texts = 1000;
const sum = (parts) => parts.reduce((total, { evidence }) => total + evidence, 0);
const classifier = await load();
let worst = 0;
for (let i = 0; i < texts; i++) {
  const { bias, tokens, sentences, logit } = await classifier.explain(textOf(Math.round(8192 ** (i / (texts - 1)))));
  const specials = tokens.filter(({ special }) => special);
  const misses = [bias + sum(tokens) - logit, bias + sum(sentences) + sum(specials) - logit];
  worst = Math.max(worst, ...misses.map(Math.abs));
}
await classifier.close();
console.log(JSON.stringify({ texts, worst }));
