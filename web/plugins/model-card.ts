import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/** The lines of the section with this heading. */
function section(card: string, heading: string): string[] {
  const lines = card.split('\n');
  const start = lines.indexOf(`## ${heading}`);
  if (start < 0) throw new Error(`MODEL_CARD.md has no section “${heading}”, which the page shows`);
  const end = lines.findIndex((line, i) => i > start && line.startsWith('## '));
  return lines.slice(start + 1, end < 0 ? undefined : end);
}

/** Paragraphs, and items of lists, each on one line. */
function blocks(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .split(/\n\s*\n|\n(?=- )/)
    .map((block) => block.replace(/\s+/g, ' ').replaceAll('`', '').trim())
    .filter((block) => block !== '' && !block.startsWith('|'));
}

/** The rows of a section's table. */
function scoresOf(lines: readonly string[]) {
  const rows = lines.filter((line) => line.startsWith('|')).slice(2);
  return rows.map((row) => {
    const [set, result, n, interval] = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { set, result, n, interval };
  });
}

/** What the page says of its network: the card's figures and words. */
function readCard(card: string) {
  const scored = section(card, 'What it scores');
  const scores = scoresOf(scored);
  const isCalibration = ({ set }: { set: string }) => set.startsWith('calibration error');
  const calibration = scores.find(isCalibration);
  if (!calibration)
    throw new Error('MODEL_CARD.md has no “calibration error” in “What it scores”, which the page shows');
  const errors = /^([\d.]+), a perfect model's is ([\d.]+)$/.exec(calibration.result);
  if (!errors)
    throw new Error(`MODEL_CARD.md: “${calibration.result}” should read “0.014, a perfect model's is 0.014”`);
  const [points, chance] = errors.slice(1).map((error) => (100 * Number(error)).toFixed(1));
  return {
    scores: scores.filter((score) => !isCalibration(score)),
    calibration: { points, chance, n: calibration.n },
    how: blocks(scored)[0],
    limits: blocks(section(card, 'What it cannot do')).map((item) => item.replace(/^- /, '')),
  };
}

/** `import … from 'MODEL_CARD.md?card'`: what the card says, and where the page has the whole of it. */
export function modelCard(): Plugin {
  return {
    name: 'model-card',
    enforce: 'pre',
    async load(id) {
      const [path, query] = id.split('?');
      if (query !== 'card') return null;
      const card = await readFile(path, 'utf8');
      // Every browser shows a .txt, and with a byte order mark every one reads it as UTF-8.
      const file = this.emitFile({ type: 'asset', name: 'model-card.txt', source: `\ufeff${card}` });
      const code = `export default { ...${JSON.stringify(readCard(card))}, url: import.meta.ROLLUP_FILE_URL_${file} }`;
      return { code, moduleType: 'js' };
    },
  };
}
