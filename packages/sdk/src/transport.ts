import { type RawAnswer, understand } from './answer.ts';
import type { Answered } from './answered.ts';
import type { Call } from './calls.ts';
import { addDebugInfo } from './debug-info.ts';
import type { Deadline } from './deadline.ts';
import { ConnectionError, type WebposError } from './errors/index.ts';
import type { FetchInit } from './fetch.ts';
import { type NetworkFailure, networkFailure } from './network-failure.ts';
import type { Settings } from './options.ts';
import { readText } from './read-text.ts';
import { type Redact, redactor, safeCause } from './redact.ts';
import { retryDelayMs } from './retry.ts';

/** Where a transport takes the time and its randomness from. */
export interface Chance {
  readonly now: () => number;
  readonly random: () => number;
}

/** How to send a call. */
export interface RequestSettings {
  /** The header's value, with its scheme. */
  authorization: string;
  maxRetries: number;
  /** True when, to this server, sending twice does no more than sending once. */
  repeatable: boolean;
  /** The caller's own, by name in lower case. */
  headers: Readonly<Record<string, string>>;
}

/**
 * Sends one request, again where `retryDelayMs` allows it, until there is an answer, a failure that is not to be repeated,
 * or the end of the deadline.
 *
 * @throws an error of this library.
 */
export async function transmit<T>(
  { fetch, baseUrl, secret }: Settings,
  { now, random }: Chance,
  call: Call<T>,
  { authorization, maxRetries, repeatable, headers }: RequestSettings,
  deadline: Deadline,
): Promise<Answered<T>> {
  const { method, path, query = '', body } = call;
  const url = baseUrl + path + query;
  const sent: Record<string, string> = { ...headers, 'X-Api-Version': 'v1', Accept: 'application/json' };
  sent['Authorization'] = authorization;
  if (call.idempotencyKey !== undefined) sent['Idempotency-Key'] = call.idempotencyKey;
  // A redirect would carry the Authorization header to wherever it points.
  const init = { method, headers: sent, redirect: 'manual' } as FetchInit;
  if (fetch.takesOnOver) init.onOver = (listener) => (deadline.onOver = listener);
  else init.signal = deadline.signal();
  if (body !== undefined) {
    init.body = body;
    sent['Content-Type'] = call.contentType ?? 'application/json';
  }
  // Made when something is to be hidden: most calls never need it.
  const redact: Redact = (text) => redactor([secret, authorization.split(' ')[1] ?? '', ...secretsOf(headers)])(text);
  for (let tries = 1; ; tries += 1) {
    deadline.check();
    let answer: RawAnswer | undefined;
    let network: NetworkFailure['kind'] | undefined;
    const describe = (error: WebposError): void => addDebugInfo(error, call, url, init, answer, redact);
    deadline.describe = describe;
    try {
      const response = await fetch(url, init);
      answer = { status: response.status, headers: response.headers, text: await readText(response) };
      return understand(call, answer, redact, now());
    } catch (thrown) {
      let error = thrown as WebposError;
      if (answer === undefined) [network, error] = lost(call, thrown, redact);
      describe(error);
      const failure = Object.assign({ network }, error);
      const delayMs = retryDelayMs(failure, { tries, maxRetries, repeatable, remainingMs: deadline.remainingMs() }, random());
      if (delayMs === undefined) throw error;
      await deadline.sleep(delayMs);
    }
  }
}

/** What a caller's own headers hold is taken for secret, but for ids of requests and traces, and what is too short. */
function secretsOf(headers: RequestSettings['headers']): string[] {
  return Object.entries(headers).flatMap(([name, value]) => (/trace|-id$/.test(name) || value.length < 8 ? [] : value));
}

/** The error of a try that no whole answer came of. */
function lost<T>(
  { method, path, repeatable }: Call<T>,
  thrown: unknown,
  redact: Redact,
): [network: NetworkFailure['kind'], error: ConnectionError] {
  const { kind, code, words } = networkFailure(thrown);
  const why = `${method} ${path}: ${EXPLANATIONS[kind]}: ${redact(words).slice(0, 200)}`;
  const unsure = kind === 'broken' && !repeatable ? '; what it asked for may have been done' : '';
  const details = {
    method,
    path,
    cause: safeCause(thrown, redact),
    code: code && redact(code),
    // Not after a TLS error: some come in the middle of an open connection.
    neverArrived: kind === 'unreached',
  };
  return [kind, new ConnectionError(why + unsure, details)];
}

const EXPLANATIONS: Readonly<Record<NetworkFailure['kind'], string>> = {
  unreached: 'could not connect',
  tls: 'no safe connection',
  broken: 'the connection broke before the whole answer came',
};
