const most = 64e6;

/** The text of a file that somebody chose. Throws an Error that says why it has none. */
export async function textOfFile(file: File): Promise<string> {
  if (file.size > most) throw new Error(`${file.name} is larger than 64 MB.`);
  const text = decode(new Uint8Array(await file.arrayBuffer()));
  if (text.includes('\0')) throw new Error(`${file.name} is not a text file. Save it as plain text first.`);
  return text;
}

/** By its byte order mark, else as UTF-8, else as what Windows wrote in the West. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
