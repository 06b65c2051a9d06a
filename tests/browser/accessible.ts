// What makes a page accessible, as far as a program can tell.
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';

declare global {
  interface Window {
    axe: typeof axe;
  }
}

const axePath = createRequire(import.meta.url).resolve('axe-core');

/** Makes axe known to the page that is opened next. */
export async function useAxe(page: Page): Promise<void> {
  await page.addInitScript({ path: axePath });
}

/** What axe has to say of the page, no rule disabled. */
export async function findings(page: Page): Promise<string[]> {
  // A paragraph that was never in view has a guessed height, and axe takes its lines for lying over what follows.
  await page.evaluate(async () => {
    const { scrollX, scrollY } = window;
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    document.querySelector('[data-testid="sentences"]')?.scrollIntoView();
    await drawn();
    scrollTo(scrollX, scrollY);
    await drawn();
  });
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** By how many CSS pixels the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
