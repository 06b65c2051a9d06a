// Many texts over two workers beside two processes that share nothing, each from its start to its end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inTurns, milliseconds, table } from '../measure.mjs';

const program = fileURLToPath(new URL('../reading.mjs', import.meta.url));
const texts = 60;
const tokens = 512;

async function reading(workers, count) {
  const child = spawn(process.execPath, [program, workers, count, tokens], { stdio: 'inherit' });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`reading.mjs ended with status ${status}`);
}

export async function many() {
  const { pool, apart } = await inTurns({
    pool: () => reading(2, texts),
    apart: () => Promise.all([reading(0, texts / 2), reading(0, texts / 2)]),
  });
  const row = [texts, tokens, milliseconds(pool), milliseconds(apart), `${((100 * apart) / pool).toFixed(0)} %`];
  return `## Many texts\n\n${table(['texts', 'tokens each', 'classifyMany, 2 workers', '2 processes', 'speed'], [row])}`;
}
