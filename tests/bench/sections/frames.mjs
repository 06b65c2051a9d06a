// What a pointer costs on the page: the time from frame to frame while it moves over the views of a short and of a long text.
import { preview } from 'vite';
import { withChromium } from '../chromium.mjs';
import { milliseconds, table } from '../measure.mjs';

const moves = 60;
const views = { strip: 'the strip', sentences: 'the shaded text', heatmap: 'the heatmap' };
const sentence = 'The plot was thin, and the music was a delight. ';

/** Reads a text of so many times a sentence of eleven tokens, to its last picture; gives its tokens. */
async function read(page, sentences) {
  await page.getByTestId('text').fill(sentence.repeat(sentences));
  await page.getByTestId('classify').click();
  await page.getByTestId('heatmap').waitFor({ timeout: 120_000 });
  return Number(await page.getByTestId('tokens').getAttribute('data-tokens'));
}

/** Milliseconds between frames while the pointer crosses a view, in ascending order. */
async function crossing(page, view) {
  await view.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await view.boundingBox();
  await page.evaluate(() => {
    window.frameTimes = [];
    const next = (now) => {
      window.frameTimes.push(now);
      window.frameLoop = requestAnimationFrame(next);
    };
    window.frameLoop = requestAnimationFrame(next);
  });
  for (let move = 0; move < moves; move++) {
    await page.mouse.move(x + (width * (move + 0.5)) / moves, y + height / 2);
  }
  const at = await page.evaluate(() => {
    cancelAnimationFrame(window.frameLoop);
    return window.frameTimes;
  });
  return at
    .slice(1)
    .map((time, i) => time - at[i])
    .sort((a, b) => a - b);
}

export async function frames() {
  const server = await preview({ root: 'web', logLevel: 'silent', preview: { port: 0 } });
  const { port } = server.httpServer.address();
  const rows = [];
  const measure = async (page) => {
    await page.goto(`http://localhost:${port}/`);
    await page.getByTestId('verdict').waitFor();
    for (const sentences of [45, 1450]) {
      const tokens = await read(page, sentences);
      for (const [id, name] of Object.entries(views)) {
        const times = await crossing(page, page.getByTestId(id));
        const share = (part) => milliseconds(times[Math.floor(part * (times.length - 1))]);
        rows.push([name, tokens, times.length, share(0.5), share(0.95), share(1)]);
      }
    }
  };
  try {
    await withChromium(measure);
  } finally {
    await server.close();
  }
  const head = ['a pointer over', 'tokens', 'frames', 'median', '95 % within', 'longest'];
  return `## From frame to frame\n\nSixty moves of a pointer across a view; 17 ms is what a screen of 60 frames a second waits anyway.\n\n${table(head, rows)}`;
}
