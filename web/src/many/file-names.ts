const tables = ['csv', 'tsv', 'jsonl', 'ndjson'];

/** Files that may hold many texts; in the last two each line is one. */
const endings = [...tables, 'txt', 'md'];

/** What a file chooser is told to offer. */
export const accepted = endings.map((ending) => `.${ending}`).join();

export function endingOf(name: string): string {
  return /[^.]*$/.exec(name.toLowerCase())?.[0] ?? '';
}

/** Whether nobody would read such a file as one text. */
export function holdsTable(name: string): boolean {
  return tables.includes(endingOf(name));
}
