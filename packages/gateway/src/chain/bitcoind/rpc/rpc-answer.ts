/**
 * Interprets an HTTP answer as JSON-RPC. Nodes before version 28 report errors with HTTP 404 or 500, later ones with 200
 * (JSON-RPC 2.0), so the body decides, and the status only matters when the body is not JSON-RPC.
 */
import { SourceUnavailableError } from '../../source.ts';
import { asArray, asInteger, asRecord, asText } from './answer-parts.ts';
import { RPC_CODE, RpcError } from './rpc-error.ts';

/** The outcome of one call of a batch. */
export type RpcOutcome =
  { readonly kind: 'result'; readonly result: unknown } | { readonly kind: 'error'; readonly error: RpcError };

/**
 * Reads the answer to a batch, in the order of its methods; ids are positions in the batch.
 *
 * @throws SourceUnavailableError when the node is starting or busy, or the answer is not JSON-RPC.
 */
export function readRpcAnswer(methods: readonly string[], status: number, body: string): readonly RpcOutcome[] {
  const what = methods[0] ?? 'batch';
  const answers = asArray(parseJson(body) ?? statusFault(what, status), what);
  const byId = new Map(answers.map((answer) => asRecord(answer, what)).map((answer) => [answer['id'], answer]));
  // A node that cannot parse the request sends a single answer with the id null.
  return methods.map((method, id) => readOne(method, asRecord(byId.get(id) ?? byId.get(null), method)));
}

function readOne(method: string, answer: Record<string, unknown>): RpcOutcome {
  if (answer['error'] == null) {
    if (!('result' in answer))
      throw new SourceUnavailableError(`bitcoind: ${method}: expected a result or an error, got neither`);
    return { kind: 'result', result: answer['result'] };
  }
  const error = asRecord(answer['error'], `${method}: error`);
  const message = asText(error['message'], `${method}: error message`).slice(0, 300);
  const code = asInteger(error['code'], `${method}: error code`);
  if (code === RPC_CODE.inWarmup) throw new SourceUnavailableError(`bitcoind is starting: ${message}`);
  return { kind: 'error', error: new RpcError(method, code, message) };
}

function parseJson(body: string): unknown {
  try {
    const answer: unknown = JSON.parse(body);
    return Array.isArray(answer) ? answer : [answer];
  } catch {
    return undefined;
  }
}

function statusFault(what: string, status: number): never {
  const hint =
    status === 403
      ? ': the node does not allow this machine (rpcallowip), or does not allow this user to call it (rpcwhitelist)'
      : status === 503
        ? ': the node is too busy (rpcworkqueue), or is stopping'
        : ', and not JSON-RPC: is this bitcoind?';
  throw new SourceUnavailableError(`bitcoind: ${what}: HTTP ${status}${hint}`);
}
