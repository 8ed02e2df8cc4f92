import { type RawAnswer, understand } from './answer.ts';
import type { Answered } from './answered.ts';
import type { Call } from './calls.ts';
import { addDebugInfo } from './debug-info.ts';
import type { Deadline } from './deadline.ts';
import { ApiError, ConnectionError, type UnexpectedAnswerError } from './errors/index.ts';
import type { FetchInit } from './fetch.ts';
import { networkFailure } from './network-failure.ts';
import type { Settings } from './options.ts';
import { readText } from './read-text.ts';
import { type Redact, redactor, safeCause } from './redact.ts';
import { decideRetry, type Failure } from './retry.ts';

/** Where a transport takes the time and its randomness from. */
export interface Chance {
  readonly now: () => number;
  readonly random: () => number;
}

/** The Authorization header of a request, in its two halves. */
export interface Authorization {
  scheme: 'Basic' | 'Bearer';
  credentials: string;
}

/** How to send a call. */
export interface RequestSettings {
  authorization: Authorization;
  deadline: Deadline;
  maxRetries: number;
  /** True when, to this server, sending twice does no more than sending once. */
  repeatable: boolean;
  /** The caller's own, by name in lower case. */
  headers: Readonly<Record<string, string>>;
}

type Outcome<T> =
  | { kind: 'value'; value: Answered<T> }
  | { kind: 'failed'; failure: Failure; error: ApiError | ConnectionError | UnexpectedAnswerError };

/** Sends one request, again where `decideRetry` allows it, and gives its answer or throws an error of this library. */
export class Transport {
  readonly #settings: Settings;
  readonly #chance: Chance;

  constructor(settings: Settings, chance: Chance) {
    this.#settings = settings;
    this.#chance = chance;
  }

  /** Sends until there is an answer, a failure that is not to be repeated, or the end of the deadline. */
  async send<T>(call: Call<T>, request: RequestSettings): Promise<Answered<T>> {
    const { deadline, maxRetries, repeatable } = request;
    for (let tries = 1; ; tries += 1) {
      const outcome = await deadline.race(() => this.#try(call, request));
      if (outcome.kind === 'value') return outcome.value;
      const state = { tries, maxRetries, repeatable, remainingMs: deadline.remainingMs };
      const decision = decideRetry(outcome.failure, state, this.#chance.random());
      if (!decision.retry) throw outcome.error;
      await deadline.sleep(decision.delayMs);
    }
  }

  async #try<T>(call: Call<T>, request: RequestSettings): Promise<Outcome<T>> {
    const url = this.#settings.baseUrl + call.path + (call.query ?? '');
    const init = initOf(call, request);
    // Made when something is to be hidden: most calls never need it.
    const redact: Redact = (text) =>
      redactor([this.#settings.secret, request.authorization.credentials, ...secretHeaders(request.headers)])(text);
    let answer: RawAnswer | undefined;
    const describe = (error: Parameters<typeof addDebugInfo>[0]): void => addDebugInfo(error, call, url, init, answer, redact);
    request.deadline.describe = describe;
    let outcome: Outcome<T>;
    try {
      const response = await this.#settings.fetch(url, init);
      const { status, headers } = response;
      answer = { status, headers, text: await readText(response) };
      outcome = this.#understand(call, answer, redact);
    } catch (thrown) {
      outcome = lost(call, thrown, redact);
    }
    if (outcome.kind !== 'value') describe(outcome.error);
    return outcome;
  }

  #understand<T>(call: Call<T>, answer: RawAnswer, redact: Redact): Outcome<T> {
    const understood = understand(call, answer, redact, this.#chance.now());
    if (understood.kind === 'value') return understood;
    const { error } = understood;
    const [errorCode, retryAfterMs] = error instanceof ApiError ? [error.errorCode, error.retryAfterMs] : [undefined, undefined];
    return { kind: 'failed', failure: { kind: 'answer', status: answer.status, errorCode, retryAfterMs }, error };
  }
}

function initOf<T>({ method, body, idempotencyKey }: Call<T>, request: RequestSettings): FetchInit {
  const { scheme, credentials } = request.authorization;
  const headers: Record<string, string> = {
    ...request.headers,
    'X-Api-Version': 'v1',
    Accept: 'application/json',
    Authorization: `${scheme} ${credentials}`,
  };
  if (body !== undefined) headers['Content-Type'] = body.contentType;
  if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
  const { signal } = request.deadline;
  // A redirect would carry the Authorization header to wherever it points.
  return { method, headers, ...(body && { body: body.text }), signal, redirect: 'manual' };
}

/** What a caller's own headers hold is taken for secret, but for ids of requests and traces, and what is too short. */
function secretHeaders(headers: RequestSettings['headers']): string[] {
  return Object.entries(headers).flatMap(([name, value]) => (/trace|-id$/.test(name) || value.length < 8 ? [] : value));
}

/** The outcome of a try that no whole answer came of. */
function lost<T>({ method, path, repeatable }: Call<T>, thrown: unknown, redact: Redact): Outcome<T> {
  const { kind, code: rawCode, words } = networkFailure(thrown);
  const code = rawCode && redact(rawCode);
  const why = `${method} ${path}: ${EXPLANATIONS[kind]}: ${redact(words).slice(0, 200)}`;
  const unsure = kind === 'broken' && !repeatable ? '; what it asked for may have been done' : '';
  // Not after a TLS error: some come in the middle of an open connection.
  const details = { method, path, cause: safeCause(thrown, redact), code, neverArrived: kind === 'unreached' };
  return { kind: 'failed', failure: { kind: 'network', network: kind }, error: new ConnectionError(why + unsure, details) };
}

const EXPLANATIONS: Readonly<Record<'unreached' | 'tls' | 'broken', string>> = {
  unreached: 'could not connect',
  tls: 'could not agree on a safe connection',
  broken: 'the connection broke before the whole answer came',
};
