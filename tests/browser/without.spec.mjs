// "What would change it?": the page against the package in Node.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { load, root } from '../package/support.mjs';
import { classify, openPage } from './open-page';

const text = readFileSync(new URL('web/src/examples/hotel.txt', root), 'utf8').trim();

/** Opens the page and has a text read, to its last picture. */
async function read(page, given) {
  await openPage(page);
  await classify(page, given);
  await expect(page.getByTestId('heatmap')).toBeVisible({ timeout: 60_000 });
}

test('the three sentences without which the verdict moves most', async ({ page }) => {
  const classifier = await load();
  const { logit, sentences, classification } = await classifier.explain(text);
  const strongest = [...sentences].sort((a, b) => Math.abs(b.evidence) - Math.abs(a.evidence)).slice(0, 8);
  const results = await classifier.occlude(text, strongest);
  await classifier.close();
  const changes = results
    .map((result, i) => ({ estimated: -strongest[i].evidence, found: result.logit - logit, score: result.score }))
    .sort((a, b) => Math.abs(b.found) - Math.abs(a.found));

  await read(page, text);
  await page.getByRole('button', { name: 'What would change it?' }).press('Enter');
  await expect(page.getByTestId('without')).toBeFocused();
  const items = page.getByTestId('without').getByRole('listitem');
  await expect(items).toHaveCount(3);
  const turning = results.filter(({ label }) => label !== classification.label).length;
  const words = ['none turns', 'one turns'][turning] ?? `${turning} turn`;
  await expect(page.getByTestId('without')).toContainText(`(8 tried), ${words} the verdict.`);
  for (const [index, item] of (await items.allInnerTexts()).entries()) {
    expect(item).toContain(`${(100 * changes[index].score).toFixed(1)} %`);
    const [, ...numbers] = /\(estimated ([+−]\d+\.\d\d), found ([+−]\d+\.\d\d)\)$/.exec(item);
    const [estimated, found] = numbers.map((number) => Number(number.replace('−', '-')));
    expect(estimated).toBeCloseTo(changes[index].estimated, 1);
    expect(found).toBeCloseTo(changes[index].found, 1);
  }
});

test('what lies between paragraphs is no sentence to leave out', async ({ page }) => {
  await read(page, 'The food was great.\n\nThe service was slow and rude.');
  const panel = page.getByTestId('without');
  await panel.getByRole('button', { name: 'What would change it?' }).click();
  await expect(panel).toContainText('(2 tried)');
  await expect(panel.getByRole('listitem')).toHaveCount(2);
});

test('of one sentence nothing is left', async ({ page }) => {
  await read(page, '\n\nA film to remember, for once.\n\n');
  await expect(page.getByTestId('hardest').getByRole('button')).toHaveCount(0);
  const panel = page.getByTestId('without');
  await panel.getByRole('button', { name: 'What would change it?' }).click();
  await expect(panel).toHaveText('Without its one sentence nothing is left to read.');
});

test('it can be stopped, asked again, and goes with its verdict', async ({ page }) => {
  await read(page, `${text}\n\n`.repeat(30));
  const panel = page.getByTestId('without');
  await panel.getByRole('button', { name: 'What would change it?' }).click();
  await panel.getByRole('button', { name: 'Stop' }).click();
  await panel.getByRole('button', { name: 'Start again' }).click();
  await expect(panel.getByRole('progressbar')).toBeVisible();
  await classify(page, text);
  await expect(page.getByTestId('heatmap')).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByRole('progressbar')).toHaveCount(0);
  await expect(panel.getByRole('button', { name: 'What would change it?' })).toBeVisible();
});
