/**
 * Requests that the HTTP parser itself refuses, or that take too long: answered in the contract's form as well. No route
 * ever sees them, so the answer is written by hand.
 */
import type { ErrorBody } from '@webpos/sdk/wire';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

const REASONS: ReadonlyMap<unknown, readonly [status: number, reason: string]> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'the request took too long']],
  ['HPE_HEADER_OVERFLOW', [431, 'the headers are too large']],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', [413, 'the chunk extensions are too large']],
]);

export function answerClientError(error: Error & { readonly code?: unknown }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = REASONS.get(error.code) ?? [400, 'the request is not valid HTTP'];
  const id = randomUUID();
  const body = JSON.stringify({
    error_code: '0001',
    message: `ValidationError: ${reason}`,
    request_id: id,
  } satisfies ErrorBody);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  // What is still coming is not read any more.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
