import { fileURLToPath } from 'node:url';
import { expect, type Page, type Route } from '@playwright/test';

/** The model's files, as the built page names them. */
export const modelFiles = /\/assets\/(config|tokenizer|model)-[^/]*\.(json|safetensors)$/;
export const weightsFile = /\/assets\/model-[^/]*\.safetensors$/;

export function fixture(path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
}

/** Answers with the tiny model where the page asks for the shipped one. */
export async function serveTinyModel(page: Page): Promise<void> {
  await page.route(modelFiles, (route: Route) => {
    const [, name, extension] = modelFiles.exec(new URL(route.request().url()).pathname) ?? [];
    return route.fulfill({ path: fixture(`tiny-model/${name}.${extension}`) });
  });
}

/** Opens the page and waits until its network is there. */
export async function openPage(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.getByText('Ready to read.')).toBeVisible({ timeout: 60_000 });
}

/** Has a text read; resolves once its verdict is there. */
export async function classify(page: Page, text: string): Promise<void> {
  await page.getByTestId('text').fill(text);
  await page.getByTestId('classify').click();
  await expect(page.getByTestId('verdict')).toBeVisible({ timeout: 60_000 });
}

/** Chooses a head, both counted from 0, and waits for its map. */
export async function chooseHead(page: Page, layer: number, head: number): Promise<void> {
  await page
    .getByRole('group', { name: 'Layer' })
    .getByText(String(layer + 1), { exact: true })
    .click();
  await page
    .getByRole('group', { name: 'Head' })
    .getByText(String(head + 1), { exact: true })
    .click();
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
  const { width, height } = (await map.boundingBox()) ?? { width: 0, height: 0 };
  await map.hover({ position: { x: ((column + 0.5) / columns) * width, y: ((row + 0.5) / rows) * height } });
  return page.getByTestId('cell').evaluate(({ dataset }) => ({
    row: Number(dataset.row),
    column: Number(dataset.column),
    value: Number(dataset.value),
  }));
}
