// This project's page in some browser: its main path, and the same again once its server is gone.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { load } from '../../wasm/dist/node.js';
import { answerOf } from './drivers.mjs';
import { mainPath, text } from './main-path.mjs';
import { serve } from './serve.mjs';

const folder = fileURLToPath(new URL('../../web/dist/', import.meta.url));

/** What the path must see, by the package. The page's first head is layer 5's eleventh. */
async function expected() {
  const classifier = await load();
  const { classification, sentences } = await classifier.explain(text);
  const { weights } = await classifier.attention(text, { layer: 4, head: 10 });
  await classifier.close();
  const { label, logit } = classification;
  const [{ text: sentence, evidence }] = sentences;
  return { label, logit, sentence, evidence, cell: weights.data[weights.columns], word: 0 };
}

export const page = (browser) => async () => {
  const site = await serve(folder);
  const wanted = await expected();
  let online = true;
  try {
    await browser(async (tab) => {
      await tab.open(site.address);
      assert.deepEqual(await answerOf(tab, mainPath), wanted);
      await site.close();
      online = false;
      await tab.open(site.address);
      assert.deepEqual(await answerOf(tab, mainPath), wanted);
    });
  } finally {
    if (online) await site.close();
  }
  return {};
};
