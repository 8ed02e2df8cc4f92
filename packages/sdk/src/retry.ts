import type { NetworkFailure } from './network-failure.ts';

/** How one try failed: the fields of its error that count. */
export interface Failure {
  /** Where no whole answer came. */
  network?: NetworkFailure['kind'] | undefined;
  /** That of the answer, else. */
  status?: number | undefined;
  errorCode?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** What the decision rests on besides the failure. */
export interface RetryState {
  /** Tries made so far, the failed one included: 1 after the first. */
  tries: number;
  /** How many tries may follow the first. */
  maxRetries: number;
  /**
   * True when sending twice does no more than sending once: every read, the login, and what makes an order where the
   * server has said that it honours the `Idempotency-Key`.
   */
  repeatable: boolean;
  /** What is left of the call's own time, in milliseconds. */
  remainingMs: number;
}

/** Beyond this a `Retry-After` is for the caller to plan with, not for a call to sit out. */
export const MAX_RETRY_AFTER_MS = 60_000;
const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;

/**
 * Decides whether a failed try is followed by another. Pure.
 *
 * The rule that all branches serve: an order must never be made twice. What creates one is sent again only when the
 * first try surely made nothing, or when the server knows it again by its key.
 *
 * @param random a number from 0 up to but not including 1, as `Math.random` gives.
 * @returns how long to wait for the next try, in milliseconds; undefined when none is to follow.
 */
export function retryDelayMs(failure: Failure, state: RetryState, random: number): number | undefined {
  const { retryAfterMs = 0 } = failure;
  const { tries, maxRetries, repeatable, remainingMs } = state;
  // Full jitter: anywhere from 0 to a ceiling that doubles, so that clients which failed together do not return together.
  // Added to a Retry-After as well: else all clients that were told "5" come back in the same instant.
  const delayMs = retryAfterMs + Math.floor(random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (tries - 1)));
  // A wait must not outlast the time of the call, and a very long one is not for a call to sit out.
  const isInTime = retryAfterMs <= MAX_RETRY_AFTER_MS && delayMs < remainingMs;
  return tries <= maxRetries && isInTime && mayHelp(failure, repeatable) ? delayMs : undefined;
}

function mayHelp({ network, status = 0, errorCode }: Failure, repeatable: boolean): boolean {
  // The request never arrived.
  if (network === 'unreached') return true;
  // Too many requests: a limiter refuses before anything is done.
  if (status === 429) return true;
  // The API itself says that it could not serve the request; a proxy's 503 page does not know what happened behind it.
  if (status === 503 && errorCode !== undefined) return true;
  // The request may have arrived, or the server failed, perhaps after it did what was asked: a second one may make a
  // second order. A wrong certificate stays wrong until someone mends it; what a server does not implement (501), it
  // will not in a second; and else the same request would get the same answer.
  return repeatable && (network === 'broken' || (status >= 500 && status !== 501));
}
