/**
 * The local time of a time zone, by the runtime's copy of the time zone database. A day of a zone begins with its first instant: where
 * clocks go forward at midnight that is later than 0:00, and a day that a zone has skipped has no instant at all.
 */
import { BoundedCache } from '../bounded-cache.ts';
import { epochMs, type EpochMs } from '../clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../durations.ts';
import type { Day } from './day.ts';

/** Offsets of zones have only changed at such times since 1972. */
const SLOT_MS = 15 * MINUTE_MS;
const MAX_OFFSETS = 4_096;
/** No zone is further from UTC. */
const MAX_OFFSET_MS = 16 * HOUR_MS;

/** Each row of a report has several times, and rows that follow each other have mostly the same minutes. */
const MAX_MINUTES = 64;

interface FormattedMinute {
  readonly offset: number;
  readonly text: string;
  readonly offsetText: string;
}

export class Zone {
  /** The IANA name. */
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new BoundedCache<number, number>({ maxEntries: MAX_OFFSETS, evict: 'all' });
  /** By minutes of local time. */
  readonly #minutes = new BoundedCache<number, FormattedMinute>({ maxEntries: MAX_MINUTES, evict: 'all' });

  /** @throws RangeError if the runtime does not know the zone. */
  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** What is added to UTC to get the local time, in milliseconds. */
  offsetMs(at: EpochMs): number {
    const slot = Math.floor(at / SLOT_MS);
    const known = this.#offsets.get(slot);
    if (known !== undefined) return known;
    const offset = this.#readOffset(slot * SLOT_MS);
    this.#offsets.set(slot, offset);
    return offset;
  }

  dayOf(at: EpochMs): Day {
    return Math.floor((at + this.offsetMs(at)) / DAY_MS) as Day;
  }

  /** The first instant of a day; of a skipped day that of the next one. */
  startOf(day: Day): EpochMs {
    let [before, from] = [day * DAY_MS - MAX_OFFSET_MS, day * DAY_MS + MAX_OFFSET_MS].map((time) =>
      Math.floor(time / SLOT_MS),
    ) as [number, number];
    while (from - before > 1) {
      const middle = Math.floor((before + from) / 2);
      if (this.dayOf(epochMs(middle * SLOT_MS)) >= day) from = middle;
      else before = middle;
    }
    return epochMs(from * SLOT_MS);
  }

  /** Formats a time as ISO 8601 with seconds and offset, such as `2026-11-30T18:00:00+01:00`. */
  local(at: EpochMs): string {
    const offset = this.offsetMs(at);
    const minuteAt = Math.floor((at + offset) / MINUTE_MS);
    const minute = this.#minuteOf(minuteAt, offset);
    const seconds = Math.floor((at + offset) / 1000) - minuteAt * 60;
    return `${minute.text}${twoDigits(seconds)}${minute.offsetText}`;
  }

  #minuteOf(at: number, offset: number): FormattedMinute {
    const known = this.#minutes.get(at);
    // Where clocks go back, a minute of local time comes twice.
    if (known?.offset === offset) return known;
    const text = new Date(at * MINUTE_MS).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:'.length);
    const minute = { offset, text, offsetText: offsetText(offset) };
    this.#minutes.set(at, minute);
    return minute;
  }

  #readOffset(at: number): number {
    const name = this.#format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
    const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * 1000;
    return sign === '-' ? -size : size;
  }
}

function offsetText(offsetMs: number): string {
  const minutes = Math.floor(Math.abs(offsetMs) / MINUTE_MS);
  return `${offsetMs < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
