/** Time is an argument: anyone who needs it is given a {@link Clock}. */
declare const brand: unique symbol;

/** Milliseconds since 1970 in UTC. */
export type EpochMs = number & { readonly [brand]: 'EpochMs' };

/** Tells the time. */
export interface Clock {
  now(): EpochMs;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() as EpochMs };

/** @throws RangeError when the value is not a whole number of milliseconds that a date can hold. */
export function epochMs(value: number): EpochMs {
  if (!Number.isInteger(value) || Math.abs(value) > 8.64e15)
    throw new RangeError(`time: expected milliseconds since 1970, got ${value}`);
  return value as EpochMs;
}

/** `time` moved by some milliseconds. */
export function plusMs(time: EpochMs, durationMs: number): EpochMs {
  return epochMs(time + durationMs);
}

/** ISO 8601 in UTC with milliseconds, as the wire carries dates. */
export function isoDate(time: EpochMs): string {
  return new Date(time).toISOString();
}
