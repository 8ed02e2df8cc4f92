/**
 * How often something may happen: `perS` times a second for ever, and `burst` times at once after a rest. The generic cell
 * rate algorithm (ITU-T I.371, annex A): one number is all that is remembered, the time at which the
 * bucket would be full again.
 */
export interface Rate {
  /** Above 0. */
  readonly perS: number;
  /** At least 1. */
  readonly burst: number;
}

export type Taking =
  { readonly allowed: true; readonly restedAtMs: number } | { readonly allowed: false; readonly retryAfterMs: number };

/** Sums of fractions of a millisecond are not exact; this much too early is in time. */
const TOLERANCE_MS = 1e-3;

/**
 * Takes one from the bucket, if there is one.
 *
 * @param restedAtMs What the last taking that was allowed answered; undefined before the first.
 * @param nowMs Of a clock that never goes back.
 */
export function takeOne(restedAtMs: number | undefined, nowMs: number, { perS, burst }: Rate): Taking {
  const intervalMs = 1000 / perS;
  const from = Math.max(restedAtMs ?? nowMs, nowMs);
  const allowedAtMs = from - (burst - 1) * intervalMs;
  if (allowedAtMs > nowMs + TOLERANCE_MS) return { allowed: false, retryAfterMs: allowedAtMs - nowMs };
  return { allowed: true, restedAtMs: from + intervalMs };
}
