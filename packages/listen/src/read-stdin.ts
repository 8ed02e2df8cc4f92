import process from 'node:process';

/** Reads standard input to its end, as text. */
export async function readStdin(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) text += String(piece);
  return text;
}
