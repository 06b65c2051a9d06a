import type { Classification } from 'nystromformer';
import Papa from 'papaparse';
import type { Table } from './table';

/** What a spreadsheet would take for a formula; an apostrophe in front keeps it a text, whatever lines follow. */
const formula = /^[=+\-@\t\r\n]/;

/** The whole table with its verdicts as CSV, for spreadsheets too; rows that were not read have none. */
export function csvOfTable(
  { names, rows }: Table,
  verdicts: readonly Classification[],
  labels: readonly string[],
): string {
  const added = ['verdict', `probability of ${labels[1]}`, 'tokens', 'unknown tokens', 'cut'];
  const header = [...names];
  for (const name of added) header.push(unused(name, header));
  const cells = rows.map((row, index) => [
    ...names.map((_, column) => row[column] ?? ''),
    ...verdictCells(verdicts[index], labels),
  ]);
  // The mark tells spreadsheets that it is UTF-8.
  return `\ufeff${Papa.unparse([header, ...cells], { escapeFormulae: formula })}`;
}

function verdictCells(verdict: Classification | undefined, labels: readonly string[]): (string | number)[] {
  if (!verdict || verdict.label === null) return ['', '', '', '', ''];
  const { label, scores, tokens, unknownTokens, truncated } = verdict;
  return [label, scores[labels[1]], tokens, unknownTokens, truncated ? 'yes' : ''];
}

function unused(name: string, taken: readonly string[]): string {
  let free = name;
  for (let i = 2; taken.includes(free); i++) free = `${name} ${i}`;
  return free;
}
