import { type RawAnswer, understand } from './answer.ts';
import type { Answered } from './answered.ts';
import type { Call } from './calls.ts';
import type { Deadline } from './deadline.ts';
import { type AbortError, ApiError, ConnectionError, type TimeoutError, type UnexpectedAnswerError } from './errors/index.ts';
import { networkFailure } from './network-failure.ts';
import type { Settings } from './options.ts';
import { readText } from './read-text.ts';
import { redactor, safeCause } from './redact.ts';
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
  /** The caller's own, by name in lower case. */
  headers: Readonly<Record<string, string>>;
}

type Outcome<T> =
  | { kind: 'value'; value: Answered<T> }
  | { kind: 'over'; error: AbortError | TimeoutError }
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
    const { deadline, maxRetries } = request;
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.#try(call, request);
      if (outcome.kind === 'value') return outcome.value;
      if (outcome.kind === 'over') throw outcome.error;
      const state = { tries, maxRetries, repeatable: call.repeatable, remainingMs: deadline.remainingMs };
      const decision = decideRetry(outcome.failure, state, this.#chance.random());
      if (!decision.retry) throw outcome.error;
      await deadline.sleep(decision.delayMs);
    }
  }

  async #try<T>(call: Call<T>, request: RequestSettings): Promise<Outcome<T>> {
    const { authorization, deadline } = request;
    const redact = redactor([this.#settings.secret, authorization.credentials]);
    let answer: RawAnswer;
    try {
      answer = await deadline.race(() => this.#fetch(call, request));
    } catch (thrown) {
      if (deadline.error !== undefined) return { kind: 'over', error: deadline.error };
      const { kind, code: rawCode, words } = networkFailure(thrown);
      const code = rawCode === undefined ? undefined : redact(rawCode);
      const cause = safeCause(thrown, redact);
      const { method, path } = call;
      const why = `${method} ${path}: ${EXPLANATIONS[kind]}: ${redact(words).slice(0, 200)}`;
      const unsure = kind === 'broken' && !call.repeatable ? '; what it asked for may have been done' : '';
      // Not after a TLS error: some come in the middle of an open connection.
      const error = new ConnectionError(why + unsure, { method, path, cause, code, neverArrived: kind === 'unreached' });
      return { kind: 'failed', failure: { kind: 'network', network: kind }, error };
    }
    const understood = understand(call, answer, redact, this.#chance.now());
    if (understood.kind === 'value') return understood;
    const { error } = understood;
    const [errorCode, retryAfterMs] = error instanceof ApiError ? [error.errorCode, error.retryAfterMs] : [undefined, undefined];
    return { kind: 'failed', failure: { kind: 'answer', status: answer.status, errorCode, retryAfterMs }, error };
  }

  async #fetch<T>(call: Call<T>, request: RequestSettings): Promise<RawAnswer> {
    const { scheme, credentials } = request.authorization;
    const headers: Record<string, string> = {
      ...request.headers,
      'X-Api-Version': 'v1',
      Accept: 'application/json',
      Authorization: `${scheme} ${credentials}`,
    };
    if (call.body !== undefined) headers['Content-Type'] = call.body.contentType;
    if (call.idempotencyKey !== undefined) headers['Idempotency-Key'] = call.idempotencyKey;
    const response = await this.#settings.fetch(this.#settings.baseUrl + call.path + (call.query ?? ''), {
      method: call.method,
      headers,
      ...(call.body === undefined ? {} : { body: call.body.text }),
      signal: request.deadline.signal,
      // A redirect would carry the Authorization header to wherever it points.
      redirect: 'manual',
    });
    return { status: response.status, headers: response.headers, text: await readText(response) };
  }
}

const EXPLANATIONS: Readonly<Record<'unreached' | 'tls' | 'broken', string>> = {
  unreached: 'could not connect',
  tls: 'could not agree on a safe connection',
  broken: 'the connection broke before the whole answer came',
};
