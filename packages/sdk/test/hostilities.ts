import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { CREATED, cut, halfABody, json, neverEndingBody, refuse, silence, type Route } from './gateway.ts';

/** A server, or what stands before it, that does not answer as the contract says. */
export interface Hostility {
  what: string;
  route: Route;
  /** Whether it may pass by itself: a read is to succeed once the server answers again. */
  passes: boolean;
  /** Whether it shows that nothing was done, so that every create may be repeated. Default: false. */
  refuses?: boolean;
  /** The name of the error where nothing is repeated. */
  error: string;
}

const MEBIBYTE = 1_048_576;
const CONNECTION = { passes: true, error: 'ConnectionError' };
const TIMEOUT = { passes: true, error: 'TimeoutError' };
const BUSY = { passes: true, refuses: true, error: 'UnexpectedAnswerError' };
const UNEXPECTED = { passes: false, error: 'UnexpectedAnswerError' };

/** Bytes that no server of HTTP would send, in the place of an answer. */
function raw(text: string, end: 'keep' | 'close' = 'close'): Route {
  return ({ socket }) => {
    socket?.write(text, 'latin1');
    if (end === 'close') socket?.end();
  };
}

function page(status: number, headers: Record<string, string> = {}): Route {
  return (response) => response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<h1>No</h1>');
}

/** Sends its answer byte by byte, and never all of it. */
const trickle: Route = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};

/** The head, byte by byte. */
const trickledHead: Route = ({ socket }) => {
  socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
  const timer = setInterval(() => socket?.write('a'), 50);
  socket?.on('close', () => clearInterval(timer));
};

/** A body without an end, as fast as it is taken. */
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

/** A gibibyte of blanks in a mebibyte: members of gzip stand one after the other in a stream. */
export const GZIP_BOMB: Buffer = Buffer.concat(Array.from({ length: 1024 }, () => MEMBER));

const BOMBS: [encoding: string, body: Buffer][] = [
  ['gzip', GZIP_BOMB],
  ['deflate', deflateSync(BLANKS, { level: 1 })],
  ['br', brotliCompressSync(BLANKS, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
];

const PAST = new Date(Date.now() - 5000).toUTCString();

/** One answer after the headers of another, which its request has had already. */
const twice: Route = (response: ServerResponse, ...rest) => {
  const text = JSON.stringify(CREATED);
  response.socket?.write(`HTTP/1.1 500 No\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
  json(200, { hello: 'world' })(response, ...rest);
};

export const HOSTILITIES: Hostility[] = [
  { what: 'a connection that is closed', route: cut, ...CONNECTION },
  { what: 'a connection that is reset', route: ({ socket }) => socket?.resetAndDestroy(), ...CONNECTION },
  { what: 'half a head', route: raw('HTTP/1.1 200 OK\r\ncontent-le'), ...CONNECTION },
  { what: 'half a body', route: halfABody, ...CONNECTION },
  { what: 'half a chunk', route: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"uuid"'), ...CONNECTION },
  { what: 'a chunk of no size', route: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'), ...CONNECTION },
  { what: 'what is not HTTP', route: raw('SSH-2.0-OpenSSH_9.6\r\n'), ...CONNECTION },
  { what: 'a TLS alert', route: raw('\x15\x03\x01\x00\x02\x02\x28'), ...CONNECTION },
  { what: 'two lengths', route: raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'), ...CONNECTION },
  { what: 'a head without an end', route: raw(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(200_000)}\r\n\r\n`), ...CONNECTION },
  { what: 'two answers at once', route: twice, passes: true, error: 'UnexpectedAnswerError' },
  { what: 'no answer', route: silence, ...TIMEOUT },
  { what: 'hints only', route: raw('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(5), 'keep'), ...TIMEOUT },
  { what: 'a body that does not go on', route: neverEndingBody, ...TIMEOUT },
  { what: 'a body that trickles', route: trickle, ...TIMEOUT },
  { what: 'a head that trickles', route: trickledHead, ...TIMEOUT },
  ...[500, 502, 503, 504, 520, 408, 425].map((status) => {
    return { what: `a page with ${status}`, route: page(status), passes: true, error: 'UnexpectedAnswerError' };
  }),
  { what: 'a page with 429, to be repeated after 0 seconds', route: page(429, { 'retry-after': '0' }), ...BUSY },
  { what: 'a page with 429, to be repeated since a date', route: page(429, { 'retry-after': PAST }), ...BUSY },
  { what: '429 of the API', route: refuse(429, '2000'), passes: true, refuses: true, error: 'TooManyRequestsError' },
  { what: '503 of the API', route: refuse(503, '4006'), passes: true, refuses: true, error: 'FunctionalityDownError' },
  { what: '500 of the API', route: refuse(500, '4000'), passes: true, error: 'InternalServerError' },
  { what: 'a code of the future', route: refuse(599, '9999'), passes: true, error: 'ApiError' },
  ...[400, 401, 403, 404, 501, 505].map((status) => ({ what: `a page with ${status}`, route: page(status), ...UNEXPECTED })),
  { what: 'a redirect to itself', route: page(307, { location: '/payment-order' }), ...UNEXPECTED },
  { what: 'a page with 200', route: page(200), ...UNEXPECTED },
  { what: 'nothing, with 204', route: (response) => response.writeHead(204).end(), ...UNEXPECTED },
  { what: 'JSON of something else', route: json(200, { hello: 'world' }), ...UNEXPECTED },
  { what: 'a list', route: json(200, [CREATED]), ...UNEXPECTED },
  { what: 'JSON as deep as it is long', route: (response) => response.end('['.repeat(MEBIBYTE - 1)), ...UNEXPECTED },
  { what: 'a body that does not end', route: flood, ...UNEXPECTED },
  ...BOMBS.map(([encoding, body]) => ({ what: `a bomb of ${encoding}`, route: packed(encoding, body), ...UNEXPECTED })),
];
