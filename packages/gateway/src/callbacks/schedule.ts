/**
 * When a callback that failed is tried again: after seconds at first, then minutes, then hours, until it has been wanted for as
 * long as the settings say. Each wait is any time up to the longest of its turn ("full jitter"), so that a receiver that comes back
 * is not met by everything at once; the last attempt is made at the very end.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/durations.ts';

/** The longest waits before the second, third, ... attempt; all later ones are as the last. */
const MAX_WAITS_MS: readonly number[] = [
  ...[2, 10, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 20, 40].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 4, 8].map((hours) => hours * HOUR_MS),
];
const MAX_RETRY_AFTER_MS = DAY_MS;

/** What is to be done after a failed attempt. */
export type NextAttempt = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'give_up' };

export interface FailedAttempt {
  /** How many attempts have been made, this one included: at least 1. */
  readonly attempts: number;
  /** For how long the callback has been wanted. */
  readonly ageMs: number;
  readonly giveUpAfterMs: number;
  /** What the receiver asked for by Retry-After, if it did; held to at most a day. */
  readonly retryAfterMs: number | undefined;
}

/** @param random A number from 0 to below 1. */
export function nextAttempt({ attempts, ageMs, giveUpAfterMs, retryAfterMs = 0 }: FailedAttempt, random: number): NextAttempt {
  if (ageMs >= giveUpAfterMs) return { kind: 'give_up' };
  const longestMs = MAX_WAITS_MS[attempts - 1] ?? MAX_WAITS_MS.at(-1) ?? 0;
  const waitMs = Math.max(Math.round(longestMs * random), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
  return { kind: 'retry', afterMs: Math.min(waitMs, giveUpAfterMs - ageMs) };
}
