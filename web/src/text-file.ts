const most = 64e6;

/** What a file says, and the encoding in which it was found to say it. */
export interface FileText {
  text: string;
  encoding: string;
}

/** The text of a file that somebody chose. Throws an Error that says why it has none. */
export async function textOfFile(file: File): Promise<FileText> {
  if (file.size > most) throw new Error(`${file.name} is larger than 64 MB.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0')) throw new Error(`${file.name} is not a text file. Save it as plain text first.`);
  return { text, encoding };
}

/** By its byte order mark, else UTF-8, else UTF-16 without a mark, else what Windows wrote in the West. */
function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'UTF-16LE';
  if (first === 0xfe && second === 0xff) return 'UTF-16BE';
  const zeros = [0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2]++;
  // No text has zero bytes but in UTF-16, where each Latin letter has one.
  if (Math.max(...zeros) > bytes.length / 10) return zeros[1] > zeros[0] ? 'UTF-16LE' : 'UTF-16BE';
  try {
    new TextDecoder('UTF-8', { fatal: true }).decode(bytes);
    return 'UTF-8';
  } catch {
    return 'Windows-1252';
  }
}
