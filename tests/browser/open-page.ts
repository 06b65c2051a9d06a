import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Locator, type Page, type Route } from '@playwright/test';

/** The model's files, as the built page names them. */
export const modelFiles = /\/assets\/(config|tokenizer|model)-[^/]*\.(json|safetensors)$/;
export const weightsFile = /\/assets\/model-[^/]*\.safetensors$/;

export function fixture(path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
}

/** The tiny model's tokenizer with other words: "w17" is id 17, and so on, so that a text can hold any ids. */
function tokenizerOfIds(): string {
  const { vocab_size: size } = JSON.parse(readFileSync(fixture('tiny-model/config.json'), 'utf8'));
  const tokenizer = JSON.parse(readFileSync(fixture('tiny-model/tokenizer.json'), 'utf8'));
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const words = Array.from({ length: size }, (_, id) => [special[id] ?? `w${id}`, id]);
  tokenizer.model.vocab = Object.fromEntries(words);
  return JSON.stringify(tokenizer);
}

/** The text that is read as these ids, the special ones at both ends included. */
export function textOfIds(ids: readonly number[]): string {
  return ids
    .slice(1, -1)
    .map((id) => `w${id}`)
    .join(' ');
}

/** A text of n tokens. */
export function textOf(n: number): string {
  return textOfIds(Array.from({ length: n }, (_, i) => 5 + ((i * 7919) % 500)));
}

/** Answers with the tiny model where the page asks for the shipped one, in a page that was built with it. */
export async function serveTinyModel(page: Page): Promise<void> {
  const files: Record<string, Buffer> = {
    config: readFileSync(fixture('tiny-model/config.json')),
    tokenizer: Buffer.from(tokenizerOfIds()),
    model: readFileSync(fixture('tiny-model/model.safetensors')),
  };
  await page.route(modelFiles, (route: Route) => {
    const [, name] = modelFiles.exec(new URL(route.request().url()).pathname) ?? [];
    return route.fulfill({ body: files[name as string] as Buffer });
  });
  await page.route(/\/assets\/index-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(
      /"(config\.json|tokenizer\.json|model\.safetensors)":\{[^}]*\}/g,
      (_, name: string) => {
        const bytes = files[name.split('.')[0] as string] as Buffer;
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return `"${name}":${JSON.stringify({ size: bytes.length, sha256 })}`;
      },
    );
    await route.fulfill({ response, body });
  });
}

/** Opens the page and waits until its network is there, and has read the example unless the address brings a text. */
export async function openPage(page: Page, address = '/'): Promise<void> {
  await page.goto(address);
  const ready = page.getByTestId('verdict').or(page.getByText('Ready to read.'));
  await expect(ready).toBeVisible({ timeout: 20_000 });
}

/** Lets requests for this wait until what it gives is called. */
export async function hold(page: Page, url: RegExp): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(url, async (route) => {
    await held;
    await route.fallback();
  });
  return letGo;
}

/** Lets so many calls of a name through to the workers and holds the others. Gives what lets them go on. */
export async function holdCalls(page: Page, name: string, free = 0): Promise<() => Promise<void>> {
  await page.evaluate(
    ({ name, free }) => {
      const post = Worker.prototype.postMessage;
      const held: (() => void)[] = [];
      let left = free;
      Worker.prototype.postMessage = function (message, ...others) {
        const send = () => post.apply(this, [message, ...others] as Parameters<typeof post>);
        if (message.name !== name || left-- > 0) send();
        else held.push(send);
      };
      addEventListener('release', () => {
        left = Number.POSITIVE_INFINITY;
        for (const send of held) send();
      });
    },
    { name, free },
  );
  return () => page.evaluate(() => dispatchEvent(new Event('release'))).then(() => {});
}

/** Has a text read; resolves once its verdict is there. */
export async function classify(page: Page, text: string): Promise<void> {
  await page.getByTestId('text').fill(text);
  await page.getByTestId('classify').click();
  await expect(page.getByTestId('verdict')).toBeVisible({ timeout: 60_000 });
}

/** Chooses a head, both counted from 0, in some part of the page. */
export async function checkHead(part: Page | Locator, layer: number, head: number): Promise<void> {
  const check = (name: string, index: number) =>
    part
      .getByRole('group', { name })
      .getByRole('radio', { name: String(index + 1), exact: true })
      .check();
  await check('Layer', layer);
  await check('Head', head);
}

/** Chooses a head, both counted from 0, and waits for its map. */
export async function chooseHead(page: Page, layer: number, head: number): Promise<void> {
  await checkHead(page, layer, head);
  const map = page.getByTestId('heatmap');
  await expect(map).toHaveAttribute('data-layer', String(layer));
  await expect(map).toHaveAttribute('data-head', String(head));
}

export interface CellReading {
  row: number;
  column: number;
  value: number;
}

/** Points at a cell and reads what the page says of it. */
export async function readCell(page: Page, row: number, column: number): Promise<CellReading> {
  const map = page.getByTestId('heatmap');
  const rows = Number(await map.getAttribute('data-rows'));
  const columns = Number(await map.getAttribute('data-columns'));
  const cell = page.getByTestId('cell');
  // What stands above the map may still grow.
  await expect(async () => {
    // What is at the window's edge may lie under what sticks there.
    await map.evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
    const box = await map.boundingBox();
    if (!box) throw new Error('the heatmap is not in view');
    await page.mouse.move(box.x + ((column + 0.5) / columns) * box.width, box.y + ((row + 0.5) / rows) * box.height);
    await expect(cell).toHaveAttribute('data-row', /./, { timeout: 500 });
  }).toPass();
  return cell.evaluate(({ dataset }) => ({
    row: Number(dataset.row),
    column: Number(dataset.column),
    value: Number(dataset.value),
  }));
}
