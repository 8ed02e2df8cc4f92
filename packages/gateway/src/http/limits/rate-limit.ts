/**
 * How often something may happen: `perS` times a second in the long run, and `burst` times at once after a pause. Implements the
 * generic cell rate algorithm (ITU-T I.371, annex A), whose only state is the time at which the bucket will be full again.
 */
export interface Rate {
  /** Above 0. */
  readonly perS: number;
  /** At least 1. */
  readonly burst: number;
}

export type Taking =
  { readonly allowed: true; readonly restedAtMs: number } | { readonly allowed: false; readonly retryAfterMs: number };

/** Sums of fractions of a millisecond are not exact, so this much too early is accepted. */
const TOLERANCE_MS = 1e-3;

/**
 * Takes one from the bucket, if available.
 *
 * @param restedAtMs What the last allowed call returned; undefined before the first.
 * @param nowMs From a monotonic clock.
 */
export function takeOne(restedAtMs: number | undefined, nowMs: number, { perS, burst }: Rate): Taking {
  const intervalMs = 1000 / perS;
  const from = Math.max(restedAtMs ?? nowMs, nowMs);
  const allowedAtMs = from - (burst - 1) * intervalMs;
  if (allowedAtMs > nowMs + TOLERANCE_MS) return { allowed: false, retryAfterMs: allowedAtMs - nowMs };
  return { allowed: true, restedAtMs: from + intervalMs };
}
