/**
 * When a callback that failed is tried again: quickly at first, then ever more slowly, for three to six days, with
 * jitter, so that a receiver that comes back is not met by everything at once.
 */

/** The longest waits before the second, third, ... attempt. */
const LONGEST_WAITS_MS: readonly number[] = [
  ...[1, 5, 15, 30, 60].map((seconds) => seconds * 1000),
  ...[2, 5, 10, 20, 30, 60, 120, 240, 480].map((minutes) => minutes * 60_000),
  ...Array.from({ length: 16 }, () => 8 * 3_600_000),
];

/** What is to be done after a failed attempt. */
export type NextAttempt = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'give_up' };

/**
 * @param attempts How many attempts have been made, the failed one included: at least 1.
 * @param random A number from 0 to below 1.
 * @param retryAfterMs What the receiver asked for by Retry-After, if it did; held to at most a day.
 */
export function nextAttempt(attempts: number, random: number, retryAfterMs?: number): NextAttempt {
  const longestMs = LONGEST_WAITS_MS[attempts - 1];
  if (longestMs === undefined) return { kind: 'give_up' };
  // At least half the wait, so that the whole schedule keeps its length of days whatever the dice say.
  const waitMs = Math.round((longestMs / 2) * (1 + random));
  return { kind: 'retry', afterMs: Math.max(waitMs, Math.min(retryAfterMs ?? 0, 86_400_000)) };
}
