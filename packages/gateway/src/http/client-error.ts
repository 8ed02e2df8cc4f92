/**
 * Answers requests that the HTTP parser rejects, or that take too long, in the contract's format as well. They never reach a
 * route, so the answer is written by hand.
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
  const { body, headers } = faultAnswer(reason);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}`),
  ];
  // Data that still arrives is not read.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** Builds an answer in the contract's format to a request that is rejected before it reaches a route. */
export function faultAnswer(reason: string): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const id = randomUUID();
  const error: ErrorBody = { error_code: '0001', message: `ValidationError: ${reason}`, request_id: id };
  const body = JSON.stringify(error);
  return {
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Request-Id': id,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
    body,
  };
}
