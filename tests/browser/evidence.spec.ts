import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { load, root } from '../package/support.mjs';
import { golden, ids } from './golden';
import { classify, openPage, serveTinyModel, textOfIds } from './open-page';

const example = (name: string) => readFileSync(new URL(`web/src/examples/${name}.txt`, root), 'utf8').trim();
const opening = example('film');
const mixed = example('hotel');

interface Bar {
  start: number;
  evidence: number;
}

/** Walks along the strip by keyboard and reads every bar. */
async function readBars(page: Page): Promise<Bar[]> {
  const strip = page.getByTestId('strip');
  const count = Number(await strip.getAttribute('aria-valuemax'));
  const bars: Bar[] = [];
  await strip.press('Home');
  for (let i = 0; i < count; i++) {
    const { start, evidence } = await page.getByTestId('sentence').evaluate(({ dataset }) => dataset);
    bars.push({ start: Number(start), evidence: Number(evidence) });
    await strip.press('ArrowRight');
  }
  return bars;
}

/** Every bar's area, negative below the line. */
function readAreas(page: Page): Promise<number[]> {
  return page
    .getByTestId('strip')
    .locator('rect:not(.lit)')
    .evaluateAll((bars) =>
      bars.map((bar) => {
        const [y, width, height] = ['y', 'width', 'height'].map((name) => Number(bar.getAttribute(name)));
        return (y < 0 ? 1 : -1) * width * height;
      }),
    );
}

test('a bar is the evidence of its tokens, as the twin has it', async ({ page }) => {
  const { evidence } = golden('tiny_evidence').texts.find(
    ({ model, n }: { model: string; n: number }) => model === 'tiny-model' && n === 300,
  );
  const read = ids[299];
  const text = textOfIds(read);
  const starts = read
    .slice(1, -1)
    .map((_, index) => textOfIds([0, ...read.slice(1, index + 1), 0]).length + (index > 0 ? 1 : 0));
  await serveTinyModel(page);
  await openPage(page);
  await classify(page, text);
  const bars = await readBars(page);
  expect(bars.length).toBeGreaterThan(1);
  for (const [index, { start, evidence: shown }] of bars.entries()) {
    const end = bars[index + 1]?.start ?? text.length;
    const expected = starts.reduce((sum, at, i) => (at >= start && at < end ? sum + evidence[i + 1] : sum), 0);
    expect(Math.abs(shown - expected)).toBeLessThan(1e-3);
  }
  const areas = await readAreas(page);
  const whole = (values: number[]) => values.reduce((sum, value) => sum + Math.abs(value), 0);
  const unit = whole(areas) / whole(bars.map(({ evidence }) => evidence));
  expect(areas).toHaveLength(bars.length);
  for (const [index, area] of areas.entries()) expect(Math.abs(area / unit - bars[index].evidence)).toBeLessThan(1e-3);
});

test('the sentences with most evidence for either side are named, and lead to themselves', async ({ page }) => {
  const classifier = await load();
  const { sentences } = await classifier.explain(mixed);
  await classifier.close();
  const byEvidence = [...sentences].sort((a, b) => b.evidence - a.evidence);
  await openPage(page);
  await classify(page, mixed);
  const named = page.getByTestId('hardest').getByRole('button');
  await expect(named).toHaveCount(2);
  for (const [index, { text, start, evidence }] of [byEvidence[0], byEvidence[sentences.length - 1]].entries()) {
    const [, words] = /^“(.*?)…?”$/.exec((await named.nth(index).textContent()) ?? '') as RegExpExecArray;
    expect(text.replace(/\s+/g, ' ')).toContain(words);
    await named.nth(index).click();
    await expect(page.getByTestId('sentence')).toHaveAttribute('data-start', String(start));
    const shown = Number(await page.getByTestId('sentence').getAttribute('data-evidence'));
    expect(Math.abs(shown - evidence)).toBeLessThan(1e-3);
    await expect(page.getByTestId('sentences').locator('.lit')).toBeInViewport();
    await expect(page.getByTestId('sentences')).toBeFocused();
  }
  const pulls = sentences.filter(({ tokens }) => tokens > 0).map(({ evidence, tokens }) => Math.abs(evidence / tokens));
  const strengths = await page
    .locator('[data-sentence]')
    .evaluateAll((spans) =>
      spans.map((span) => Number.parseInt((span as HTMLElement).style.getPropertyValue('--strength'), 10)),
    );
  expect(strengths).toHaveLength(pulls.length);
  for (const [index, pull] of pulls.entries())
    expect(Math.abs(strengths[index] - 100 * Math.sqrt(pull / Math.max(...pulls)))).toBeLessThan(1);
});

test('strip and text point at each other', async ({ page }) => {
  await openPage(page);
  await classify(page, 'The plot is thin. The music is wonderful! I left early.');
  const sentence = page.getByTestId('sentence');
  await page.getByTestId('sentences').getByText('The music is wonderful!').hover();
  await expect(sentence).toContainText('The music is wonderful');
  await expect(sentence).toContainText('pulls towards positive: +');
  const evidence = await sentence.getAttribute('data-evidence');
  const box = await page.getByTestId('strip').boundingBox();
  if (!box) throw new Error('the strip is not in view');
  await page.mouse.move(box.x + box.width / 2, box.y + 5);
  await expect(sentence).toHaveAttribute('data-evidence', evidence ?? '');
  await expect(page.getByTestId('sentences').locator('.lit')).toHaveText('The music is wonderful! ');
  await page.mouse.click(box.x + 5, box.y + 5);
  await page.mouse.move(0, 0);
  await expect(sentence).toContainText('The plot is thin');
  await page.getByTestId('strip').press('Escape');
  await expect(sentence).toContainText('All sentences together');
});

test('bars and what is left add up to the verdict', async ({ page }) => {
  const classifier = await load();
  const { bias, tokens } = await classifier.explain(opening);
  await classifier.close();
  const beside = tokens.filter(({ special }) => special).reduce((sum, { evidence }) => sum + evidence, bias);
  await openPage(page);
  await page.getByTestId('classify').click();
  await expect(page.getByTestId('strip')).toBeVisible({ timeout: 60_000 });
  const words = ((await page.getByTestId('sentence').textContent()) ?? '').replaceAll('−', '-');
  const [together, rest, verdict] = (words.match(/[+-][\d.]+\d/g) ?? []).map(Number);
  const bars = await readBars(page);
  expect(bars.reduce((sum, { evidence }) => sum + evidence, 0)).toBeCloseTo(together, 1);
  expect(rest).toBeCloseTo(beside, 1);
  expect(together + rest).toBeCloseTo(verdict, 1);
  expect(verdict).toBeCloseTo(Number(await page.getByTestId('verdict').getAttribute('data-logit')), 1);
});
