// Measures us and our peers in one run and writes it beside this file. usage: scripts/bench [SECTION…]
import { writeFileSync } from 'node:fs';
import { machine, results } from './machine.mjs';
import { agreement } from './sections/agreement.mjs';
import { frames } from './sections/frames.mjs';
import { kernels } from './sections/kernels.mjs';
import { lengths } from './sections/lengths.mjs';
import { many } from './sections/many.mjs';
import { native } from './sections/native.mjs';
import { network } from './sections/network.mjs';
import { profile } from './sections/profile.mjs';
import { start } from './sections/start.mjs';

const sections = { agreement, kernels, network, profile, native, lengths, many, start, frames };

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(sections);
const unknown = names.find((name) => !(name in sections));
if (unknown !== undefined) {
  console.error(`There is no section '${unknown}': use ${Object.keys(sections).join(', ')}`);
  process.exit(2);
}

const parts = ['# What was measured', machine()];
for (const name of names) {
  console.log(`== ${name}`);
  const part = await sections[name]();
  console.log(part);
  parts.push(part);
}
if (process.argv.length === 2) writeFileSync(new URL(results, import.meta.url), `${parts.join('\n\n')}\n`);
