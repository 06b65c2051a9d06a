// The native core beside the same network in onnxruntime's native build, int8 both, one thread each.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inTurns, milliseconds, table, times } from '../measure.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A program that answers every number of tokens with a line, once it has read a text of so many. */
function reader(command, ...words) {
  const child = spawn(command, words, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async read(tokens) {
      child.stdin.write(`${tokens}\n`);
      if ((await answers.next()).done) throw new Error(`${words[0]} ended early`);
    },
    end: () => child.stdin.end(),
  };
}

export async function native() {
  const ours = reader('scripts/toolchain', 'build/bench/tests/bench/kernels/nystrom_network', 'models/sentiment');
  const peer = ['tests/bench/peers/network_times.py', 'build/peers/graphs', 'models/sentiment'];
  const theirs = reader('build/peers/venv/bin/python', ...peer);
  const rows = [];
  for (const tokens of [16, 128, 512, 4096, 16384]) {
    const result = await inTurns({ ours: () => ours.read(tokens), theirs: () => theirs.read(tokens) });
    rows.push([tokens, milliseconds(result.ours), milliseconds(result.theirs), times(result.theirs / result.ours)]);
  }
  ours.end();
  theirs.end();
  return `## Natively, one thread\n\n${table(['tokens', 'ours', 'the same in onnxruntime', 'ratio'], rows)}`;
}
