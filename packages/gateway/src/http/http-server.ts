/**
 * Node's HTTP server with all its limits in one place: slow, greedy or silent clients are disconnected, and none uses more than a
 * little memory.
 */
import http from 'node:http';
import https from 'node:https';
import type { RequestListener, Server } from 'node:http';
import { ExactJsonTypeResponse } from './exact-json-type.ts';

/** The certificate and its key, in PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export interface HttpServerOptions {
  readonly tls?: TlsPair | undefined;
  /** Node's own max number of connections, beyond the limits of {@link limitConnections}. Default 8,000. */
  readonly connections?: number;
  /** How long a request may take to arrive: its headers, and all of it. Default 10,000 and 30,000. */
  readonly timeouts?: { readonly headersMs: number; readonly requestMs: number };
}

const CLOSING_CONNECTIONS = 1_000;

/** Max total size of a request's headers, including the request line. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Max number of headers. One more is read, so that exceeding it can be detected. */
export const MAX_HEADERS = 100;

const OPTIONS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  /** How often Node checks for timed-out requests, in milliseconds. */
  connectionsCheckingInterval: 1_000,
  /**
   * Longer than the 60 seconds after which common proxies close a connection, because the side that closes last never loses a
   * request.
   */
  keepAliveTimeout: 65_000,
  /** Checked by `requestFault`, because Node's own answer has no body. */
  requireHostHeader: false,
  ServerResponse: ExactJsonTypeResponse,
};

/** TLS 1.0 and 1.1 must not be used (RFC 8996). Some older clients offer only `http/1.0` by ALPN; Node answers both. */
const TLS_OPTIONS = { minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1', 'http/1.0'] } as const;

export function createHttpServer(handler: RequestListener, options: HttpServerOptions): Server {
  const { tls, connections = 8_000, timeouts = { headersMs: 10_000, requestMs: 30_000 } } = options;
  const limits = { ...OPTIONS, headersTimeout: timeouts.headersMs, requestTimeout: timeouts.requestMs };
  const server =
    tls === undefined ? http.createServer(limits, handler) : https.createServer({ ...limits, ...TLS_OPTIONS, ...tls }, handler);
  server.maxHeadersCount = MAX_HEADERS + 1;
  // Connections closed to make room count until they are gone.
  server.maxConnections = connections + CLOSING_CONNECTIONS;
  // Closes a connection that neither sends nor receives, for example because the client does not read its answer.
  server.setTimeout(60_000);
  // RFC 9110, 10.1.1: an unknown expectation may be ignored; Node would refuse it with an empty body.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  return server;
}

/** Makes a server that was created with a certificate use another one for all new connections. */
export function changeCertificate(server: Server, tls: TlsPair): void {
  if (server instanceof https.Server) server.setSecureContext({ ...TLS_OPTIONS, ...tls });
}
