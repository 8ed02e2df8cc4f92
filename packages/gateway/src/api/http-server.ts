/**
 * Node's HTTP server, with every limit of its own in one place: a client that is slow, greedy or silent is let go, and never
 * holds more than a little memory.
 */
import http from 'node:http';
import https from 'node:https';
import type { RequestListener, Server } from 'node:http';

/** The certificate and its key, in PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export interface HttpServerOptions {
  readonly tls?: TlsPair | undefined;
  /** How many connections may be open; one more is closed as soon as it is opened. Default 8,000. */
  readonly connections?: number;
}

/** All the headers of a request, its first line included. */
const MOST_HEADER_BYTES = 16 * 1024;
/** More are not read, so that one at this number tells of some that are missing. */
export const MOST_HEADERS = 100;

const OPTIONS = {
  maxHeaderSize: MOST_HEADER_BYTES,
  /** How often, in milliseconds, Node looks for requests that have run out of time. */
  connectionsCheckingInterval: 1_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** Longer than the 60 seconds after which common proxies close a connection: the one who closes last never loses a request. */
  keepAliveTimeout: 65_000,
  /** Checked by us: Node's own answer has no body. */
  requireHostHeader: false,
};

/** TLS 1.0 and 1.1 are not to be used (RFC 8996). */
const TLS_OPTIONS = { minVersion: 'TLSv1.2' } as const;

export function createHttpServer(handler: RequestListener, { tls, connections = 8_000 }: HttpServerOptions): Server {
  const server =
    tls === undefined ? http.createServer(OPTIONS, handler) : https.createServer({ ...OPTIONS, ...TLS_OPTIONS, ...tls }, handler);
  server.maxHeadersCount = MOST_HEADERS + 1;
  server.maxConnections = connections;
  // A connection that neither sends nor takes anything, as one that does not read its answer.
  server.setTimeout(60_000);
  // RFC 9110, 10.1.1: an expectation that we do not know may be passed over; Node would refuse it without a body.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  return server;
}

/** Has a server that was made with a certificate use another one for all new connections. */
export function changeCertificate(server: Server, tls: TlsPair): void {
  if (server instanceof https.Server) server.setSecureContext({ ...TLS_OPTIONS, ...tls });
}
