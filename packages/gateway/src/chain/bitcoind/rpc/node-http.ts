/**
 * HTTP to the node: a bounded pool of keep-alive connections, a total deadline, a size limit for answers, and one retry with a
 * fresh cookie. Independent of JSON-RPC.
 */
import { Pool } from 'undici';
import { SourceUnavailableError } from '../../source.ts';
import type { Credentials } from './credentials.ts';
import { withDeadline } from './deadline.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface NodeRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** For messages: the RPC method or the REST path. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends one request. Any status but 401 is an answer.
 *
 * @throws SourceUnavailableError when the node cannot be reached, refuses the credentials, exceeds the deadline, or sends too
 * large an answer.
 */
export type NodeHttp = (request: NodeRequest) => Promise<HttpAnswer>;

export interface NodeHttpOptions {
  readonly origin: string;
  readonly credentials: Credentials;
  readonly maxConnections: number;
  readonly maxAnswerBytes: number;
}

/** Connects on first use. Idle connections close by themselves and do not keep the process running. */
export function createNodeHttp(options: NodeHttpOptions): NodeHttp {
  const { origin, credentials } = options;
  const pool = new Pool(origin, {
    connections: options.maxConnections,
    maxResponseSize: options.maxAnswerBytes,
    connect: { timeout: 5_000 },
    headersTimeout: 0, // the deadline covers headers and body; a long poll may use all the time it has
    bodyTimeout: 0,
  });

  async function send(request: NodeRequest, authorization: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    const { method, path } = request;
    try {
      const answer = await pool.request({
        method,
        path,
        signal,
        body: request.body ?? null,
        headers: {
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(authorization === undefined ? {} : { authorization }),
        },
      });
      return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
    } catch (error) {
      throw new SourceUnavailableError(`bitcoind at ${origin}: ${request.what}: ${reason(error)}`, { cause: error });
    }
  }

  return (request) =>
    withDeadline(request.what, request.timeoutMs, request.signal, async (signal) => {
      const authorization = await credentials.header();
      const answer = await send(request, authorization, signal);
      if (answer.status !== 401) return answer;
      const fresh = await credentials.renewed(authorization);
      const second = fresh === undefined ? answer : await send(request, fresh, signal);
      if (second.status !== 401) return second;
      throw new SourceUnavailableError(`bitcoind at ${origin}: refused our credentials (HTTP 401): ${credentials.advice}`);
    });
}

function reason(error: unknown): string {
  // For a host with several addresses, the error has a code and no message.
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'ECONNREFUSED') return 'nothing listens there (ECONNREFUSED)';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER')
    return 'the node does not speak TLS: its URL begins with http://, unless a proxy with a certificate is in front of it';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'the answer is larger than allowed';
  return [message, code].filter((part) => typeof part === 'string' && part !== '').join(' ') || String(error);
}
