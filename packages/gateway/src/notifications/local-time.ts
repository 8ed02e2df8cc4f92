/** The local time of a time zone, across changes of its offset: a local time may be skipped, or come twice. */
import { epochMs, plusMs, type EpochMs } from '../kernel/clock.ts';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import { DAY_MS, MINUTE_MS } from '../kernel/durations.ts';

/** @throws RangeError if no time zone has this name. */
export function parseTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new RangeError('must be the name of a time zone, such as Europe/Rome');
  }
}

/** Returns the minute of the day, from 0 to 1439. */
export function minuteOfDay(at: EpochMs, timeZone: string): number {
  const local = at + offsetAt(at, timeZone);
  return Math.floor((((local % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);
}

/** Returns how far local time is ahead of UTC, in milliseconds. */
export function offsetAt(at: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  // oxlint-disable-next-line no-restricted-globals -- arithmetic on the calendar, which reads no clock
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

export interface NextOptions {
  /** Whether a local time that comes twice in a day counts twice. */
  readonly countsRepeats: boolean;
}

/** Enough for zones that have skipped a whole day. */
const MAX_DAYS = 4;

/**
 * Returns the first moment after `after` at which the clocks of the zone show this minute of the day. On a day that skips it, that is the
 * moment of the skip.
 */
export function nextMinute(after: EpochMs, minute: number, timeZone: string, { countsRepeats }: NextOptions): EpochMs {
  const local = after + offsetAt(after, timeZone);
  const midnight = local - (((local % DAY_MS) + DAY_MS) % DAY_MS);
  for (let day = -1; day <= MAX_DAYS; day += 1) {
    const moments = momentsOf(midnight + day * DAY_MS + minute * MINUTE_MS, timeZone);
    const next = (countsRepeats ? moments : moments.slice(0, 1)).find((moment) => moment > after);
    if (next !== undefined) return epochMs(next);
  }
  return plusMs(after, DAY_MS);
}

/** Returns the moments at which the clocks show a local time, written as if it were UTC, the earlier first: one or two. */
function momentsOf(local: number, timeZone: string): number[] {
  const [before, after] = [offsetAt(local - DAY_MS, timeZone), offsetAt(local + DAY_MS, timeZone)];
  const candidates = [...new Set([local - before, local - after])].toSorted((a, b) => a - b);
  const shown = candidates.filter((moment) => moment + offsetAt(moment, timeZone) === local);
  return shown.length > 0 ? shown : [skipBetween(local - after, local - before, timeZone)];
}

/** Finds the moment at which the offset changes, to the minute. */
function skipBetween(from: number, to: number, timeZone: string): number {
  let [low, high] = [Math.min(from, to), Math.max(from, to)];
  const offset = offsetAt(low, timeZone);
  while (high - low > MINUTE_MS) {
    const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
    if (middle <= low || middle >= high) break;
    if (offsetAt(middle, timeZone) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/** There are about 600 time zones, and a formatter takes long to make. */
const formats = new BoundedCache<string, Intl.DateTimeFormat>({ maxEntries: 700, evict: 'all' });

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
