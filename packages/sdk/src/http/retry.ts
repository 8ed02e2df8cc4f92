import { MAX_TIMEOUT_MS } from './max-timeout.ts';
import type { NetworkFailure } from './network-failure.ts';

/** How one attempt failed: the fields of its error that count. */
export interface Failure {
  name?: string | undefined;
  /** That of a ConnectionError. */
  kind?: NetworkFailure['kind'] | undefined;
  /** That of the answer, where one came. */
  status?: number | undefined;
  errorCode?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** What a decision rests on besides the failure. */
export interface RetryState {
  /** Attempts made so far, the present one included: 1 in the first. */
  tries: number;
  /** How many attempts may follow the first. */
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
/** A first connection over a slow network takes that long. */
const MIN_ATTEMPT_MS = 1_000;

/**
 * How long an attempt may take before it is abandoned for another one. Pure.
 *
 * Half of what is left: a server that is slow but answers has most of the call's time for one attempt, and the last attempt has
 * as long as the one before.
 *
 * @returns what no call has, when no other attempt may follow: then there is no point in giving up on this one.
 */
export function attemptLimitMs({ tries, maxRetries, repeatable, remainingMs }: RetryState): number {
  const mayFollow = repeatable && tries <= maxRetries;
  return mayFollow ? Math.max(MIN_ATTEMPT_MS, Math.floor(remainingMs / 2)) : MAX_TIMEOUT_MS;
}

/**
 * Decides whether a failed attempt is followed by another. Pure.
 *
 * The rule that all branches serve: an order must never be made twice. What creates one is sent again only when the
 * first attempt surely made nothing, or when the server knows it again by its key.
 *
 * @param random a number from 0 up to but not including 1, as `Math.random` gives.
 * @returns how long to wait for the next attempt, in milliseconds; undefined when none is to follow.
 */
export function retryDelayMs(failure: Failure, state: RetryState, random: number): number | undefined {
  const { retryAfterMs = 0 } = failure;
  const { tries, maxRetries, repeatable, remainingMs } = state;
  // Full jitter: anywhere from 0 to a ceiling that doubles, so that clients which failed together do not return together.
  // Added to a Retry-After as well: else all clients that were told "5" come back in the same instant.
  const delayMs = retryAfterMs + Math.floor(random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (tries - 1)));
  // A wait must not outlast the time of the call, and a very long one is not for a call to sit out.
  const isInTime = retryAfterMs <= MAX_RETRY_AFTER_MS && delayMs < remainingMs;
  const isHarmless = repeatable || !mayHaveActed(failure);
  return tries <= maxRetries && isInTime && isHarmless && mayPass(failure) ? delayMs : undefined;
}

/** A wrong certificate, for one, stays wrong until someone replaces it. */
function mayPass({ name, kind = 'tls', status = 0 }: Failure): boolean {
  return kind !== 'tls' || name === 'TimeoutError' || isTransientStatus(status);
}

/**
 * Whether an attempt that failed may have done what it asked for, so that another one could make a second order. It has not where the
 * request never arrived, where a limiter refused it before anything was done (429), and where the API itself says that it could not
 * serve it: a proxy's 503 page does not know what happened behind it. Pure.
 */
export function mayHaveActed({ kind, status = 0, errorCode }: Failure): boolean {
  const isRefused = status === 429 || (errorCode !== undefined && (status < 500 || status === 503));
  return kind !== 'unreached' && !isRefused;
}

/**
 * Whether a status may pass by itself: the server was too slow, too busy, or failed. What it does not implement (501), or not in
 * this version of HTTP (505), it will not at a second request; and else the same request would get the same answer.
 */
export function isTransientStatus(status: number): boolean {
  return /^(408|42[59]|50[^15]|5[1-9]\d)$/.test(String(status));
}
