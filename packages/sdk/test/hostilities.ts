import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { CREATED, cut, halfABody, json, neverEndingBody, refuse, silence, type Route } from './gateway.ts';

/** A server, or an intermediary, that does not answer as the contract says. */
export interface Hostility {
  what: string;
  route: Route;
  /** Whether it is transient: a read must succeed once the server recovers. */
  passes: boolean;
  /** Whether it proves that the request had no effect, so that every creation may be retried. Default: false. */
  refuses?: boolean;
  /** The name of the error if nothing is retried. */
  error: string;
}

const MEBIBYTE = 1_048_576;
const CONNECTION = { passes: true, error: 'ConnectionError' };
const TIMEOUT = { passes: true, error: 'TimeoutError' };
const BUSY = { passes: true, refuses: true, error: 'UnexpectedAnswerError' };
const UNEXPECTED = { passes: false, error: 'UnexpectedAnswerError' };

/** Sends bytes that are not valid HTTP instead of an answer. */
function raw(text: string, end: 'keep' | 'close' = 'close'): Route {
  return ({ socket }) => {
    socket?.write(text, 'latin1');
    if (end === 'close') socket?.end();
  };
}

function page(status: number, headers: Record<string, string> = {}): Route {
  return (response) => response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<h1>No</h1>');
}

/** Sends its answer byte by byte, and never completes it. */
const trickle: Route = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};

/** Sends the head byte by byte. */
const trickledHead: Route = ({ socket }) => {
  socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => socket?.write('a'), 50);
  socket?.on('close', () => clearInterval(timer));
};

/** Sends an endless body as fast as possible. */
const flood: Route = (response) => {
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
  };
  response.writeHead(200);
  response.on('drain', more);
  more();
};

function packed(encoding: string, body: Buffer): Route {
  return (response) => response.writeHead(200, { 'content-encoding': encoding }).end(body);
}

const BLANKS = Buffer.alloc(64 * MEBIBYTE, ' ');
const MEMBER = gzipSync(BLANKS.subarray(0, MEBIBYTE));

/** A gibibyte of blanks in a mebibyte: a gzip stream may consist of several members. */
export const GZIP_BOMB: Buffer = Buffer.concat(Array.from({ length: 1024 }, () => MEMBER));

const BOMBS: [encoding: string, body: Buffer][] = [
  ['gzip', GZIP_BOMB],
  ['deflate', deflateSync(BLANKS, { level: 1 })],
  ['br', brotliCompressSync(BLANKS, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
];

const PAST = new Date(Date.now() - 5000).toUTCString();

/** Sends an answer after the headers of another one to the same request. */
const twice: Route = (response: ServerResponse, ...rest) => {
  const text = JSON.stringify(CREATED);
  response.socket?.write(`HTTP/1.1 500 No\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
  json(200, { hello: 'world' })(response, ...rest);
};

export const HOSTILITIES: Hostility[] = [
  { what: 'closes the connection', route: cut, ...CONNECTION },
  { what: 'resets the connection', route: ({ socket }) => socket?.resetAndDestroy(), ...CONNECTION },
  { what: 'sends half a head', route: raw('HTTP/1.1 200 OK\r\ncontent-le'), ...CONNECTION },
  { what: 'sends half a body', route: halfABody, ...CONNECTION },
  { what: 'sends half a chunk', route: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"uuid"'), ...CONNECTION },
  {
    what: 'sends a chunk without a size',
    route: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    ...CONNECTION,
  },
  { what: 'does not speak HTTP', route: raw('SSH-2.0-OpenSSH_9.6\r\n'), ...CONNECTION },
  { what: 'sends a TLS alert', route: raw('\x15\x03\x01\x00\x02\x02\x28'), ...CONNECTION },
  { what: 'sends two lengths', route: raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'), ...CONNECTION },
  { what: 'sends an endless head', route: raw(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(200_000)}\r\n\r\n`), ...CONNECTION },
  { what: 'sends two answers at once', route: twice, passes: true, error: 'UnexpectedAnswerError' },
  { what: 'does not answer', route: silence, ...TIMEOUT },
  { what: 'sends only hints', route: raw('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(5), 'keep'), ...TIMEOUT },
  { what: 'stops within the body', route: neverEndingBody, ...TIMEOUT },
  { what: 'sends its body byte by byte', route: trickle, ...TIMEOUT },
  { what: 'sends its head byte by byte', route: trickledHead, ...TIMEOUT },
  ...[500, 502, 503, 504, 520, 408, 425].map((status) => {
    return { what: `sends a page with ${status}`, route: page(status), passes: true, error: 'UnexpectedAnswerError' };
  }),
  { what: 'sends a page with 429 and a Retry-After of 0 seconds', route: page(429, { 'retry-after': '0' }), ...BUSY },
  { what: 'sends a page with 429 and a Retry-After in the past', route: page(429, { 'retry-after': PAST }), ...BUSY },
  { what: 'answers 429 as the API', route: refuse(429, '2000'), passes: true, refuses: true, error: 'TooManyRequestsError' },
  { what: 'answers 503 as the API', route: refuse(503, '4006'), passes: true, refuses: true, error: 'FunctionalityDownError' },
  { what: 'answers 500 as the API', route: refuse(500, '4000'), passes: true, error: 'InternalServerError' },
  { what: 'answers an unknown code', route: refuse(599, '9999'), passes: true, error: 'ApiError' },
  ...[400, 401, 403, 404, 501, 505].map((status) => ({
    what: `sends a page with ${status}`,
    route: page(status),
    ...UNEXPECTED,
  })),
  { what: 'redirects to itself', route: page(307, { location: '/payment-order' }), ...UNEXPECTED },
  { what: 'sends a page with 200', route: page(200), ...UNEXPECTED },
  { what: 'sends nothing with 204', route: (response) => response.writeHead(204).end(), ...UNEXPECTED },
  { what: 'sends other JSON', route: json(200, { hello: 'world' }), ...UNEXPECTED },
  { what: 'sends a list', route: json(200, [CREATED]), ...UNEXPECTED },
  { what: 'sends deeply nested JSON', route: (response) => response.end('['.repeat(MEBIBYTE - 1)), ...UNEXPECTED },
  { what: 'sends an endless body', route: flood, ...UNEXPECTED },
  ...BOMBS.map(([encoding, body]) => ({ what: `sends a ${encoding} bomb`, route: packed(encoding, body), ...UNEXPECTED })),
];
