// A user's page: reads a text with the package and says what came out where a driver finds it.
import { load } from 'nystromformer';

const options = new URLSearchParams(globalThis.location.search).get('options');

async function read() {
  const classifier = await load(JSON.parse(options ?? '{}'));
  const { label, logit } = await classifier.classify('A film to remember, for once.');
  const { worker } = await classifier.info();
  return { label, logit, worker };
}

read()
  .catch((error) => ({ error: String(error) }))
  .then((outcome) => {
    document.documentElement.dataset.outcome = JSON.stringify(outcome);
  });
