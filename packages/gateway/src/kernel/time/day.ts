/** Days of the Gregorian calendar, without a time zone: the number of days since 1970-01-01. */
import { DAY_MS } from '../durations.ts';

declare const brand: unique symbol;

export type Day = number & { readonly [brand]: 'Day' };

/** Returns undefined unless the text is an existing day such as `2026-11-30`. */
export function parseDay(text: string): Day | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  // 30 February would be read as 2 March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) return undefined;
  return (time / DAY_MS) as Day;
}

export function formatDay(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

export function plusDays(day: Day, days: number): Day {
  return (day + days) as Day;
}
