// What a person does on the page, as one expression for any browser: it starts with the first evaluation, and gives what
// was seen as JSON once it has ended.

export const text = 'A film to remember, for once. The first hour is dull. I would see it again tonight.';

/** Runs in the page. */
async function walk(text) {
  const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
  const until = async (name, look) => {
    for (let left = 400; left > 0; --left) {
      const found = await look();
      if (found) return found;
      await pause(50);
    }
    throw new Error(`never seen: ${name}`);
  };
  const one = (selector) => document.querySelector(selector);
  const shown = (testId) => one(`[data-testid="${testId}"]`);
  const press = (element, key) => element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));

  // The network is here, and kept for a visit without a connection.
  await until('the example read here', () => shown('verdict'));
  await navigator.serviceWorker.ready;
  await until('the network kept', async () => (await (await caches.open('nystromformer')).keys()).length >= 4);

  const area = shown('text');
  area.value = text;
  area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  shown('classify').click();
  await until('the verdict on the text', () => one('[data-testid="strip"][aria-valuemax="3"]'));
  const { label, logit } = shown('verdict').dataset;

  press(shown('strip'), 'Home');
  const lit = await until('a lit sentence', () => one('[data-testid="sentences"] .lit'));
  const { evidence } = shown('sentence').dataset;

  const map = await until('the heatmap', () => shown('heatmap'));
  press(map, 'ArrowRight');
  const { value } = (await until('a cell', () => one('[data-testid="cell"][data-value]'))).dataset;

  press(shown('sentences'), 'ArrowRight');
  press(shown('sentences'), 'Enter');
  const figure = await until('a word', () => shown('word-figure'));
  return {
    label,
    logit: Number(logit),
    sentence: lit.textContent,
    evidence: Number(evidence),
    cell: Number(value),
    word: Number(figure.dataset.start),
  };
}

export const mainPath = `(() => {
  if (!globalThis.walked) {
    globalThis.walked = 'not yet';
    (${walk})(${JSON.stringify(text)})
      .catch((error) => ({ error: String(error) }))
      .then((seen) => { globalThis.walked = JSON.stringify(seen); });
  }
  return globalThis.walked === 'not yet' ? '' : globalThis.walked;
})()`;
