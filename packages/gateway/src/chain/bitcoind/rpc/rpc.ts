/**
 * The node's JSON-RPC, and its REST interface where enabled. Every call has a total deadline and can be aborted. Almost all
 * values requested are integers and hex, because amounts in JSON are decimals, and a float would corrupt them.
 */
import { SourceUnavailableError } from '../../source.ts';
import { createCredentials } from './credentials.ts';
import { createNodeHttp } from './node-http.ts';
import { parseNodeUrl } from './node-url.ts';
import { readRpcAnswer, type RpcOutcome } from './rpc-answer.ts';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface NodeRpc {
  /** Scheme, host and port. */
  readonly origin: string;
  /**
   * Makes one call.
   *
   * @throws RpcError when the node refuses it; SourceUnavailableError when it cannot answer; the signal's reason.
   */
  call(method: string, params: readonly unknown[], signal: AbortSignal, timeoutMs?: number): Promise<unknown>;
  /** Makes several calls in one request. The outcomes have the same order. Throws as `call` does, except RpcError. */
  batch(calls: readonly RpcCall[], signal: AbortSignal, timeoutMs?: number): Promise<readonly RpcOutcome[]>;
  /** Fetches a REST path. Returns the bytes, or undefined when REST is disabled or has no such resource. */
  rest(path: string, signal: AbortSignal, timeoutMs?: number): Promise<Uint8Array | undefined>;
}

export interface NodeRpcOptions {
  /** `http://host:port`, optionally with user:password. */
  readonly url: string;
  /** The cookie file that the node writes on start; not read when the URL has credentials. */
  readonly cookieFile?: string;
  /** Total deadline of a call. Default 30 s. */
  readonly timeoutMs?: number;
  /** Default 8, half of the node's default number of RPC threads. */
  readonly maxConnections?: number;
  /** Default 128 MiB. The largest answers are the ids of a full mempool, 20 MB. */
  readonly maxAnswerBytes?: number;
}

/** @throws RangeError when the URL is invalid. */
export function createNodeRpc(options: NodeRpcOptions): NodeRpc {
  const { origin, path, userPassword } = parseNodeUrl(options.url);
  const defaultTimeoutMs = options.timeoutMs ?? 30_000;
  const send = createNodeHttp({
    origin,
    credentials: createCredentials(userPassword, options.cookieFile),
    maxConnections: options.maxConnections ?? 8,
    maxAnswerBytes: options.maxAnswerBytes ?? 128 * 1024 * 1024,
  });

  async function post(
    calls: readonly RpcCall[],
    asBatch: boolean,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<readonly RpcOutcome[]> {
    const requests = calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }));
    const body = JSON.stringify(asBatch ? requests : requests[0]);
    const what = calls[0]?.method ?? 'batch';
    const answer = await send({ method: 'POST', path, body, what, timeoutMs, signal });
    return readRpcAnswer(
      calls.map(({ method }) => method),
      answer.status,
      answer.body.toString('utf8'),
    );
  }

  return {
    origin,
    async call(method, params, signal, timeoutMs = defaultTimeoutMs) {
      const [outcome] = await post([{ method, params }], false, signal, timeoutMs);
      return resultOf(outcome);
    },
    async batch(calls, signal, timeoutMs = defaultTimeoutMs) {
      return calls.length === 0 ? [] : await post(calls, true, signal, timeoutMs);
    },
    async rest(restPath, signal, timeoutMs = defaultTimeoutMs) {
      const answer = await send({ method: 'GET', path: restPath, what: restPath, timeoutMs, signal });
      return answer.status === 200 ? answer.body : undefined;
    },
  };
}

/**
 * Returns the result of a call. @throws RpcError when the node refused it; SourceUnavailableError when the outcome is missing.
 */
export function resultOf(outcome: RpcOutcome | undefined): unknown {
  if (outcome === undefined) throw new SourceUnavailableError('bitcoind: expected as many answers as calls, got fewer');
  if (outcome.kind === 'error') throw outcome.error;
  return outcome.result;
}
