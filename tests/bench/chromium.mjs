// The system's Chromium, as the tests drive it.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const script = fileURLToPath(new URL('../../scripts/chromium', import.meta.url));

export function launch() {
  return chromium.launch({ executablePath: execFileSync(script, { encoding: 'utf8' }).trim() });
}

/** What `use` makes of a page in a browser of its own. */
export async function withChromium(use) {
  const browser = await launch();
  try {
    return await use(await browser.newPage());
  } finally {
    await browser.close();
  }
}
