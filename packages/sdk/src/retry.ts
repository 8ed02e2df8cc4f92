import type { NetworkFailure } from './network-failure.ts';

/** How one try failed. */
export type Failure =
  | { kind: 'network'; network: NetworkFailure['kind'] }
  | { kind: 'answer'; status: number; errorCode: string | undefined; retryAfterMs: number | undefined };

/** What the decision rests on besides the failure. */
export interface RetryState {
  /** Tries made so far, the failed one included: 1 after the first. */
  tries: number;
  /** How many tries may follow the first. */
  maxRetries: number;
  /** True when sending twice does no more than sending once: every read, and the login. */
  repeatable: boolean;
  /** What is left of the call's own time, in milliseconds. */
  remainingMs: number;
}

/** Whether to try again, when, and why. */
export type RetryDecision = { retry: true; delayMs: number; reason: string } | { retry: false; reason: string };

/** Beyond this a `Retry-After` is for the caller to plan with, not for a call to sit out. */
export const MAX_RETRY_AFTER_MS = 60_000;
const BASE_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;

/**
 * Decides whether a failed try is followed by another. Pure.
 *
 * The rule that all branches serve: an order must never be made twice. What creates one is sent again only when the
 * first try surely made nothing.
 *
 * @param random a number from 0 up to but not including 1, as `Math.random` gives.
 */
export function decideRetry(failure: Failure, state: RetryState, random: number): RetryDecision {
  if (state.tries > state.maxRetries) return { retry: false, reason: 'all tries are used up' };
  const verdict = failure.kind === 'network' ? afterNetwork(failure.network, state) : afterAnswer(failure, state);
  if (!verdict.again) return { retry: false, reason: verdict.reason };

  const retryAfterMs = failure.kind === 'answer' ? (failure.retryAfterMs ?? 0) : 0;
  if (retryAfterMs > MAX_RETRY_AFTER_MS)
    return { retry: false, reason: 'the server asks for a longer wait than a call sits out' };
  // Added to a Retry-After as well: else all clients that were told "5" come back in the same instant.
  const delayMs = retryAfterMs + backoffMs(state.tries, random);
  if (delayMs >= state.remainingMs) return { retry: false, reason: 'the wait would outlast the time of the call' };
  return { retry: true, delayMs, reason: verdict.reason };
}

interface Verdict {
  again: boolean;
  reason: string;
}

function afterNetwork(network: NetworkFailure['kind'], { repeatable }: RetryState): Verdict {
  switch (network) {
    case 'tls':
      return { again: false, reason: 'a wrong certificate stays wrong until someone mends it' };
    case 'unreached':
      return { again: true, reason: 'the request never arrived' };
    case 'broken':
      if (repeatable) return { again: true, reason: 'the connection broke, and the request may be repeated' };
      return { again: false, reason: 'the request may have arrived, and a second one may make a second order' };
  }
}

function afterAnswer(
  { status, errorCode }: { status: number; errorCode: string | undefined },
  { repeatable }: RetryState,
): Verdict {
  // A limiter refuses before anything is done.
  if (status === 429) return { again: true, reason: 'too many requests: nothing was done' };
  // The API itself says that it could not serve the request; a proxy's 503 page does not know what happened behind it.
  if (status === 503 && errorCode !== undefined) return { again: true, reason: 'the service is unavailable: nothing was done' };
  if (status >= 500 && status !== 501) {
    if (repeatable) return { again: true, reason: 'the server failed, and the request may be repeated' };
    return { again: false, reason: 'the server failed, perhaps after it made the order' };
  }
  return { again: false, reason: 'the same request would get the same answer' };
}

/** Full jitter: anywhere from 0 to a ceiling that doubles, so that clients which failed together do not return together. */
function backoffMs(tries: number, random: number): number {
  return Math.floor(random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (tries - 1)));
}
