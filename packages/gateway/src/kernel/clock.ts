/** Time as an argument: code that needs the time takes a {@link Clock}. */
declare const brand: unique symbol;

/** Milliseconds since 1970-01-01 in UTC. */
export type EpochMs = number & { readonly [brand]: 'EpochMs' };

export interface Clock {
  now(): EpochMs;
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() as EpochMs };

/** @throws RangeError if the value is not an integer within the range of a `Date`. */
export function epochMs(value: number): EpochMs {
  if (!Number.isInteger(value) || Math.abs(value) > 8.64e15)
    throw new RangeError(`time: expected milliseconds since 1970, got ${value}`);
  return value as EpochMs;
}

/** Adds a duration, which may be negative. */
export function plusMs(time: EpochMs, durationMs: number): EpochMs {
  return epochMs(time + durationMs);
}

/** The last formatted times. Orders that are created together share their times, and that of their rate. */
const formatted: { readonly time: number; readonly text: string }[] = [];
/** A power of two. */
const MAX_FORMATTED = 16;

/** Formats a time as the API does: ISO 8601 in UTC with milliseconds. */
export function isoDate(time: EpochMs): string {
  const slot = time & (MAX_FORMATTED - 1);
  const known = formatted[slot];
  if (known?.time === time) return known.text;
  const text = new Date(time).toISOString();
  formatted[slot] = { time, text };
  return text;
}
