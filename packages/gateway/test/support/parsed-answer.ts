import type { Socket } from 'node:net';
import type { Answer } from './test-gateway.ts';

/** Sends raw bytes, and reads the answer until the server closes the connection. */
export async function parsedAnswer(socket: Socket, bytes: string | Buffer): Promise<Answer> {
  socket.setTimeout(5_000, () => socket.destroy(new Error('the server does not close the connection')));
  socket.write(bytes);
  let text = '';
  for await (const part of socket.setEncoding('utf8')) text += String(part);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(': ', 2) as [string, string]));
  return { status: Number(statusLine.split(' ')[1]), headers, text: body, body: JSON.parse(body) as unknown };
}
