/**
 * The operations port: `/healthz`, `/readyz` and `/metrics` with all details and without a password. It is separate from the public
 * port, so that it still answers while that one is flooded or shutting down.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { answerClientError, faultAnswer } from '../http/client-error.ts';
import { createHttpServer } from '../http/http-server.ts';
import { requestFault } from '../http/request-fault.ts';
import { listenError } from '../kernel/listen-error.ts';
import { enterStep, stepOf } from '../kernel/thread/steps.ts';
import type { Metrics } from './metrics.ts';

const ANSWER = stepOf('operations port');

export interface OpsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly readiness: () => Promise<{ readonly ready: boolean }>;
  readonly metrics: Metrics;
}

export interface OpsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws OperatorError when it cannot listen on the port. */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    // Discards the body, which no path uses.
    request.resume();
    const begin = (): void => void answer(options, request, response).catch(() => response.destroy());
    // A chunked body that arrived with the headers is parsed first: if it is malformed, its error must be the only response.
    if (request.headers['transfer-encoding'] === undefined) begin();
    else queueMicrotask(begin);
  };
  const server = createHttpServer(handler, { timeouts: { headersMs: 5_000, requestMs: 5_000 } });
  server.on('clientError', answerClientError);
  server.maxConnections = 100;
  await listening(server, options);
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listening(server: Server, { host, port }: OpsServerOptions): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, { host, port, names: { host: 'WEBPOS_OPS_HOST', port: 'WEBPOS_OPS_PORT' } });
  }
}

async function answer(options: OpsServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  enterStep(ANSWER);
  const fault = requestFault(request);
  if (fault !== undefined) {
    const { headers, body } = faultAnswer(fault.reason);
    response.writeHead(fault.status, { ...headers, Connection: 'close' });
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  const [path] = (request.url ?? '').split('?', 1);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return send(response, 405, JSON_TYPE, '{"status":"method not allowed"}');
  switch (path) {
    case '/healthz':
      return send(response, 200, JSON_TYPE, '{"status":"ok"}');
    case '/readyz': {
      const readiness = await options.readiness();
      return send(response, readiness.ready ? 200 : 503, JSON_TYPE, JSON.stringify(readiness));
    }
    case '/metrics':
      return send(response, 200, options.metrics.contentType, await options.metrics.text());
    default:
      return send(response, 404, JSON_TYPE, '{"status":"not found"}');
  }
}

const JSON_TYPE = 'application/json';

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
