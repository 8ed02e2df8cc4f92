/**
 * The retry schedule of callbacks: after seconds at first, then after minutes, then hours, until the retry period of the settings is
 * over. Each delay is random, from zero to the maximum for its attempt ("full jitter"), so that an endpoint that recovers is not hit
 * by all retries at once. The last attempt is made at the end of the retry period.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/durations.ts';

/** Maximum delays before the second, third, ... attempt. The last one holds for all later attempts. */
const MAX_DELAYS_MS: readonly number[] = [
  ...[2, 10, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 20, 40].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 4, 8].map((hours) => hours * HOUR_MS),
];
const MAX_RETRY_AFTER_MS = DAY_MS;

export type NextAttempt = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'give_up' };

export interface FailedAttempt {
  /** Attempts made so far, this one included: at least 1. */
  readonly attempts: number;
  /** Time since the delivery began. */
  readonly ageMs: number;
  /** Length of the retry period. */
  readonly giveUpAfterMs: number;
  /** The delay that the endpoint asked for with Retry-After, if any. More than a day counts as a day. */
  readonly retryAfterMs: number | undefined;
}

/**
 * Decides what follows a failed attempt.
 *
 * @param random A number from 0 up to, but not including, 1.
 */
export function nextAttempt({ attempts, ageMs, giveUpAfterMs, retryAfterMs = 0 }: FailedAttempt, random: number): NextAttempt {
  if (ageMs >= giveUpAfterMs) return { kind: 'give_up' };
  const maxDelayMs = MAX_DELAYS_MS[attempts - 1] ?? MAX_DELAYS_MS.at(-1) ?? 0;
  const delayMs = Math.max(Math.round(maxDelayMs * random), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
  return { kind: 'retry', afterMs: Math.min(delayMs, giveUpAfterMs - ageMs) };
}
