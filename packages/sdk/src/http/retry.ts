import { MAX_TIMEOUT_MS } from './max-timeout.ts';
import type { NetworkFailure } from './network-failure.ts';

/** The fields of an attempt's error that decide about a retry. */
export interface Failure {
  name?: string | undefined;
  /** The kind of a ConnectionError. */
  kind?: NetworkFailure['kind'] | undefined;
  /** The HTTP status of the answer, if there was one. */
  status?: number | undefined;
  errorCode?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** The state of a call that decides about a retry. */
export interface RetryState {
  /** The number of attempts so far, including the current one. */
  tries: number;
  /** The maximum number of retries. */
  maxRetries: number;
  /**
   * True if sending it twice has the same effect as sending it once: every read, the login, and the creation of an order if the
   * server honours the `Idempotency-Key`.
   */
  repeatable: boolean;
  /** The remaining time of the call, in milliseconds. */
  remainingMs: number;
}

/** The longest `Retry-After` that a call waits out; a longer one is left to the caller. */
export const MAX_RETRY_AFTER_MS = 60_000;
const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;
/** Enough for a first connection over a slow network. */
const MIN_ATTEMPT_MS = 1_000;

/**
 * Returns how long an attempt may take before it is abandoned for another one, in milliseconds. Pure.
 *
 * It is half of the remaining time: a slow server gets most of the call's time for one attempt, and the last attempt gets as long
 * as the one before.
 *
 * @returns MAX_TIMEOUT_MS if no other attempt may follow, because then abandoning this one would gain nothing.
 */
export function attemptLimitMs({ tries, maxRetries, repeatable, remainingMs }: RetryState): number {
  const mayFollow = repeatable && tries <= maxRetries;
  return mayFollow ? Math.max(MIN_ATTEMPT_MS, Math.floor(remainingMs / 2)) : MAX_TIMEOUT_MS;
}

/**
 * Decides whether to retry after a failed attempt. Pure.
 *
 * One rule governs every branch: a call must never create two orders. A creation is retried only if the failed attempt surely
 * created nothing, or if the server recognises it by its key.
 *
 * @param random from 0 up to but not including 1, as `Math.random` returns.
 * @returns the delay before the next attempt, in milliseconds; undefined for no retry.
 */
export function retryDelayMs(failure: Failure, state: RetryState, random: number): number | undefined {
  const { retryAfterMs = 0 } = failure;
  const { tries, maxRetries, repeatable, remainingMs } = state;
  // Full jitter: between 0 and a maximum that doubles, so that clients that failed together do not return together. It is added
  // to a Retry-After too; otherwise all clients that were told "5" would return in the same instant.
  const delayMs = retryAfterMs + Math.floor(random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (tries - 1)));
  // A delay must fit into the call's remaining time, and a very long one is left to the caller.
  const isInTime = retryAfterMs <= MAX_RETRY_AFTER_MS && delayMs < remainingMs;
  const isHarmless = repeatable || !mayHaveActed(failure);
  return tries <= maxRetries && isInTime && isHarmless && mayPass(failure) ? delayMs : undefined;
}

/** Returns whether another attempt may succeed. An invalid certificate, for example, stays invalid until somebody replaces it. */
function mayPass({ name, kind = 'tls', status = 0 }: Failure): boolean {
  return kind !== 'tls' || name === 'TimeoutError' || isTransientStatus(status);
}

/**
 * Returns whether a failed attempt may have taken effect, so that a retry could create a second order. It did not if the request
 * never arrived, if a rate limiter refused it (429), or if the API itself said that it could not serve it. A proxy's 503 page
 * does not know what happened behind the proxy. Pure.
 */
export function mayHaveActed({ kind, status = 0, errorCode }: Failure): boolean {
  const isRefused = status === 429 || (errorCode !== undefined && (status < 500 || status === 503));
  return kind !== 'unreached' && !isRefused;
}

/**
 * Returns whether a status is transient: the server was too slow, too busy, or failed. Unsupported methods (501) and HTTP
 * versions (505) stay unsupported, and with any other status the same request would get the same answer.
 */
export function isTransientStatus(status: number): boolean {
  return /^(408|42[59]|50[^15]|5[1-9]\d)$/.test(String(status));
}
