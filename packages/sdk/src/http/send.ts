import { connectionFailure, prepareFetch } from '#platform';
import { addDebugInfo, readText, requestRedactor } from '#runtime';
import { type RawAnswer, parseAnswer } from './parse-answer.ts';
import type { WithAnswer } from './with-answer.ts';
import type { ApiRequest } from '../calls/api-request.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { TimeoutError, type WebposError } from '../errors/index.ts';
import type { Fetch, FetchInit } from './fetch.ts';
import type { Watch } from '../observe/watch.ts';
import type { Settings } from '../options/client-options.ts';
import { attemptLimitMs, mayHaveActed, retryDelayMs, type RetryState } from './retry.ts';

/** The sources of time and randomness. */
export interface ClockAndRandom {
  readonly now: () => number;
  readonly random: () => number;
}

/** How to send a call, and what its attempts have done. */
export interface SendState {
  /** The value of the header, including its scheme. */
  authorization: string;
  maxRetries: number;
  /** True if, with this server, sending it twice has the same effect as sending it once. */
  repeatable: boolean;
  /** The caller's headers, by lower-case name. */
  headers: Readonly<Record<string, string>>;
  watch?: Watch | undefined;
  /** Whether an attempt may have taken effect. */
  mayHaveActed?: boolean;
}

/**
 * Sends a request, with retries as `retryDelayMs` decides, until there is an answer, a permanent failure, or the end of the
 * deadline.
 *
 * @throws an error of this library.
 */
export async function sendRequest<T>(
  settings: Settings,
  { now, random }: ClockAndRandom,
  call: ApiRequest<T>,
  sending: SendState,
  deadline: Deadline,
): Promise<WithAnswer<T>> {
  const { fetch, baseUrl, ownHeaders } = settings;
  const { authorization, headers, watch, maxRetries, repeatable } = sending;
  const url = baseUrl + call.path + (call.query ?? '');
  const init = toFetchInit(call, authorization, headers);
  const redact = requestRedactor(settings, authorization, headers);
  let tries = 0;
  let answer: RawAnswer | undefined;
  let previous: WebposError | undefined;
  const state = (): RetryState => ({ tries, maxRetries, repeatable, remainingMs: deadline.endsAtMs - performance.now() });
  const describe = (error: WebposError): void => {
    Object.assign(error, { tries });
    if (error.name === 'TimeoutError') Object.defineProperty(error, 'cause', { value: previous, configurable: true });
    addDebugInfo(error, call, url, init, answer, redact, ownHeaders);
  };
  deadline.describe = describe;
  for (;;) {
    deadline.check();
    tries += 1;
    answer = undefined;
    const { mayHaveActed: hadActed } = sending;
    // Assumed until its failure says otherwise.
    sending.mayHaveActed = true;
    watch?.attempt();
    try {
      const limits = { timeoutMs: attemptLimitMs(state()), outer: deadline };
      answer = await withDeadline(call, limits, (attempt) => attemptOnce(fetch, url, init, attempt));
      const understood = parseAnswer(call, answer, redact, now());
      watch?.outcome(answer);
      return understood;
    } catch (thrown) {
      // The call is over.
      deadline.check();
      const isOurs = answer !== undefined || thrown instanceof TimeoutError;
      const error = isOurs ? (thrown as WebposError) : connectionFailure(call, thrown, redact);
      describe(error);
      sending.mayHaveActed = hadActed || mayHaveActed(error);
      const delayMs = retryDelayMs(error, state(), random());
      watch?.outcome(answer, error, delayMs);
      if (delayMs === undefined) throw error;
      previous = error;
      await deadline.sleep(delayMs);
    }
  }
}

function toFetchInit<T>(
  { method, idempotencyKey, body, contentType }: ApiRequest<T>,
  authorization: string,
  own: object,
): FetchInit {
  const headers: Record<string, string> = {
    ...own,
    'X-Api-Version': 'v1',
    Accept: 'application/json',
    Authorization: authorization,
  };
  if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
  // A redirect would send the Authorization header to another host.
  const init = { method, headers, redirect: 'manual' } as FetchInit;
  if (body !== undefined) {
    init.body = body;
    headers['Content-Type'] = contentType ?? 'application/json';
  }
  return init;
}

/** Sends a request once, and reads the complete answer. */
async function attemptOnce(fetch: Fetch, url: string, init: FetchInit, deadline: Deadline): Promise<RawAnswer> {
  prepareFetch(fetch, init, deadline);
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await readText(response) };
}
