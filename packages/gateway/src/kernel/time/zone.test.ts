import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../clock.ts';
import { DAY_MS, HOUR_MS } from '../durations.ts';
import { formatDay, parseDay, plusDays, type Day } from './day.ts';
import { Zone } from './zone.ts';

const ZONES = ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Apia'];

/** The local date by another way of the runtime. */
function dateIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

const day = (text: string): Day => parseDay(text)!;
const hoursOf = (zone: string, text: string): number => {
  const local = new Zone(zone);
  return (local.startOf(plusDays(day(text), 1)) - local.startOf(day(text))) / HOUR_MS;
};

describe('the days of a time zone', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Europe/Berlin', '2026-07-01', 24],
    // At midnight: the day began at 1:00.
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['America/Sao_Paulo', '2018-02-17', 25],
    ['Asia/Kathmandu', '2026-03-29', 24],
    // The day that Samoa skipped when it moved to the other side of the date line.
    ['Pacific/Apia', '2011-12-30', 0],
    ['Pacific/Apia', '2011-12-31', 24],
  ])('%s: %s has %i hours', (zone, text, hours) => {
    expect(hoursOf(zone, text)).toBe(hours);
  });

  it('begin with their first instant, and every instant is in the day that its clock shows', () => {
    const time = fc.integer({ min: Date.UTC(2009, 0, 3), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), time, (name, at) => {
        const zone = new Zone(name);
        const of = zone.dayOf(epochMs(at));
        expect(formatDay(of)).toBe(dateIn(name, at));
        const [start, end] = [zone.startOf(of), zone.startOf(plusDays(of, 1))];
        expect(start).toBeLessThanOrEqual(at);
        expect(end).toBeGreaterThan(at);
        expect(dateIn(name, start)).toBe(formatDay(of));
        expect(dateIn(name, start - 1) < formatDay(of)).toBe(true);
        expect(Date.parse(zone.local(epochMs(at)))).toBe(Math.floor(at / 1000) * 1000);
      }),
    );
  });

  it('show consecutive times across the end of summer time, when an hour comes twice', () => {
    const zone = new Zone('Europe/Rome');
    const end = Date.UTC(2026, 9, 25, 1);
    const shown = [-61_000, -60_000, -1_000, 0, 59_999, 60_000].map((ms) => zone.local(epochMs(end + ms)));
    expect(shown).toEqual([
      '2026-10-25T02:58:59+02:00',
      '2026-10-25T02:59:00+02:00',
      '2026-10-25T02:59:59+02:00',
      '2026-10-25T02:00:00+01:00',
      '2026-10-25T02:00:59+01:00',
      '2026-10-25T02:01:00+01:00',
    ]);
    expect(zone.local(epochMs(end - 3_600_000))).toBe('2026-10-25T02:00:00+02:00');
  });

  it('are read and written as ISO 8601', () => {
    expect(formatDay(day('2024-02-29'))).toBe('2024-02-29');
    for (const text of ['2023-02-29', '2026-1-1', '2026-11-31', 'today', '']) expect(parseDay(text)).toBeUndefined();
    expect(day('1970-01-02') * DAY_MS).toBe(DAY_MS);
  });
});
