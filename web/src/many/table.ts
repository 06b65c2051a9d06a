import Papa from 'papaparse';
import { textOfFile } from '../text-file';
import { accepted, endingOf } from './file-names';

/** A file as rows of cells, each as it was written. */
export interface Sheet {
  name: string;
  /** How the file was read, for the person to check. */
  form: string;
  /** What the file calls its columns; null if its first row may do so. */
  names: string[] | null;
  rows: string[][];
}

/** A sheet whose columns have names; rows may be shorter than these. */
export interface Table {
  names: string[];
  rows: string[][];
}

/** More would be too high for a browser to scroll through. */
const mostRows = 200_000;

const readers: Record<string, (text: string) => Omit<Sheet, 'name'>> = {
  csv: readDelimited,
  tsv: readDelimited,
  jsonl: readJsonLines,
  ndjson: readJsonLines,
  txt: readLines,
  md: readLines,
};

/** Reads a file. Throws an Error that names the file and the fix. */
export async function sheetOfFile(file: File): Promise<Sheet> {
  const read = readers[endingOf(file.name)];
  if (!read)
    throw new Error(`${file.name} is none of ${accepted.replaceAll(',', ', ')}. Save it as one of these first.`);
  const { text, encoding } = await textOfFile(file);
  try {
    const sheet = read(text);
    if (sheet.rows.length === 0) throw new Error('there is nothing in it.');
    if (sheet.rows.length > mostRows)
      throw new Error(`it has ${sheet.rows.length} rows, and ${mostRows} is the most. Split it first.`);
    return { ...sheet, name: file.name, form: `${sheet.form}, ${encoding}` };
  } catch (error) {
    throw new Error(`${file.name} cannot be read: ${(error as Error).message}`);
  }
}

/** Gives the columns names: the sheet's own, or those in its first row. */
export function tableOf({ names, rows }: Sheet, namesInFirstRow: boolean): Table {
  const given = names ?? (namesInFirstRow ? rows[0] : []);
  const width = rows.reduce((most, row) => Math.max(most, row.length), given.length);
  return {
    names: Array.from({ length: width }, (_, column) => given[column]?.trim() || `Column ${column + 1}`),
    rows: names === null && namesInFirstRow ? rows.slice(1) : rows,
  };
}

/** The cells of a column. */
export function columnOf({ rows }: Table, column: number): string[] {
  return rows.map((row) => row[column] ?? '');
}

/** The column that most looks like prose: the one with the most words. */
export function likelyTextColumn({ names, rows }: Table): number {
  const words = names.map(() => 0);
  for (const row of rows.slice(0, 200)) {
    for (const [column, cell] of row.entries()) words[column] += cell.split(/\s+/).length;
  }
  return words.indexOf(Math.max(...words));
}

const delimiters: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

function readDelimited(text: string): Omit<Sheet, 'name'> {
  const { data, errors, meta } = Papa.parse<string[]>(text, { skipEmptyLines: true });
  const flaw = errors.find(({ type }) => type === 'Quotes');
  if (flaw)
    throw new Error(
      `in row ${(flaw.row ?? 0) + 1} a quotation mark is not closed where its cell ends. Write marks within a cell twice.`,
    );
  return { form: `cells between ${delimiters[meta.delimiter] ?? 'control characters'}`, names: null, rows: data };
}

function readJsonLines(text: string): Omit<Sheet, 'name'> {
  const columns = new Map<string, number>();
  const rows: string[][] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const cells: string[] = [];
    for (const [name, value] of Object.entries(objectIn(line, index + 1))) {
      const column = columns.get(name) ?? columns.size;
      columns.set(name, column);
      cells[column] = wordsOf(value);
    }
    rows.push(Array.from(cells, (cell) => cell ?? ''));
  }
  return { form: 'a JSON object a line', names: [...columns.keys()], rows };
}

function objectIn(line: string, number: number): object {
  let value: unknown;
  try {
    value = JSON.parse(line, keepDigits);
  } catch (error) {
    throw new Error(`line ${number} is not JSON (${(error as Error).message}). Each line must be one object.`);
  }
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error(`line ${number} is JSON, but neither an object nor a text. Each line must be one object.`);
}

/** Long numbers, such as those by which posts are known, have more digits than a number of JavaScript holds. */
function keepDigits(_: string, value: unknown, context?: { source?: string }): unknown {
  const cut = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return cut ? (context?.source ?? value) : value;
}

function wordsOf(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function readLines(text: string): Omit<Sheet, 'name'> {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return { form: 'a text a line, blank lines left out', names: ['Text'], rows: lines.map((line) => [line]) };
}
