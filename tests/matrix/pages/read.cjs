const { load } = require('nystromformer');

async function main() {
  const classifier = await load();
  const { label, logit } = await classifier.classify('A film to remember, for once.');
  await classifier.close();
  console.log(JSON.stringify({ label, logit }));
}

main();
