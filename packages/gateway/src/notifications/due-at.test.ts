import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../kernel/durations.ts';
import { afterQuiet, dueAt, isQuiet } from './due-at.ts';
import { minuteOfDay, nextMinute, offsetAt, parseTimeZone } from './local-time.ts';
import type { Timetable } from './subscription.ts';

const ZONES = [
  'UTC',
  'Europe/Rome',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Pacific/Apia',
];
const at = (iso: string): EpochMs => epochMs(Date.parse(iso));
const zone = fc.constantFrom(...ZONES);
const minute = fc.integer({ min: 0, max: 1439 });
// Half of the times are near a change of the offset in Europe.
const time = fc.oneof(
  fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2030, 0) }),
  fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }).map((ms) => Date.UTC(2026, 2, 29, 1) + ms),
  fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }).map((ms) => Date.UTC(2026, 9, 25, 1) + ms),
);
const table = (changes: Partial<Timetable>): Timetable => ({
  timing: { kind: 'immediately' },
  quiet: null,
  timeZone: 'Europe/Rome',
  urgentBreaksThrough: false,
  ...changes,
});

describe('quiet hours', () => {
  it('end before anything is sent, soon after their end, across every change of the offset', () => {
    fc.assert(
      fc.property(time, zone, minute, minute, (ms, timeZone, from, to) => {
        fc.pre(from !== to);
        const timetable = table({ quiet: { from, to }, timeZone });
        const now = epochMs(ms);
        const due = afterQuiet(timetable, now);
        expect(isQuiet(timetable, due)).toBe(false);
        expect(due).toBeGreaterThanOrEqual(now);
        if (!isQuiet(timetable, now)) expect(due).toBe(now);
        // Until then it is quiet, to the minute.
        else expect(isQuiet(timetable, epochMs(due - 1))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['2026-03-28T22:30:00Z', '2026-03-29T01:00:00Z'], // 02:30 does not exist on the 29th
    ['2026-10-25T00:10:00Z', '2026-10-25T00:30:00Z'], // 02:10, the first time
    ['2026-10-25T01:10:00Z', '2026-10-25T01:30:00Z'], // 02:10, the second time
  ])('from 23:00 to 02:30 in Rome, at %s, end at %s', (now, end) => {
    expect(afterQuiet(table({ quiet: { from: 23 * 60, to: 150 } }), at(now))).toBe(at(end));
  });
});

describe('a digest', () => {
  it('comes once a day, at its minute, or where that is skipped at the skip', () => {
    fc.assert(
      fc.property(time, zone, minute, (ms, timeZone, daily) => {
        const timetable = table({ timing: { kind: 'daily', minute: daily }, timeZone });
        const first = dueAt(timetable, false, epochMs(ms));
        const second = dueAt(timetable, false, first);
        expect(first).toBeGreaterThan(ms);
        expect(first - ms).toBeLessThanOrEqual(2 * DAY_MS + HOUR_MS);
        expect(second - first).toBeGreaterThanOrEqual(22 * HOUR_MS);
        // What comes a moment before a digest is in it.
        expect(dueAt(timetable, false, epochMs(first - 1))).toBe(first);
        const shown = minuteOfDay(first, timeZone);
        const isSkipped = offsetAt(first, timeZone) !== offsetAt(first - 1, timeZone);
        if (!isSkipped) expect(shown).toBe(daily);
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes at every full hour of the zone', () => {
    fc.assert(
      fc.property(time, zone, (ms, timeZone) => {
        const due = dueAt(table({ timing: { kind: 'hourly' }, timeZone }), false, epochMs(ms));
        expect(due).toBeGreaterThan(ms);
        expect(due - ms).toBeLessThanOrEqual(HOUR_MS);
        // A change of the offset by half an hour may lie between.
        if (offsetAt(due, timeZone) === offsetAt(ms, timeZone)) expect(minuteOfDay(due, timeZone) % 60).toBe(0);
      }),
    );
  });

  it('waits for the quiet hours to end, and for nothing if it is urgent and may break through', () => {
    const timetable = table({ timing: { kind: 'daily', minute: 60 }, quiet: { from: 0, to: 480 }, urgentBreaksThrough: true });
    const now = at('2026-12-01T12:00:00Z');
    expect(dueAt(timetable, false, now)).toBe(at('2026-12-02T07:00:00Z'));
    expect(dueAt(timetable, true, now)).toBe(now);
    expect(dueAt({ ...timetable, urgentBreaksThrough: false }, true, now)).toBe(at('2026-12-02T07:00:00Z'));
  });
});

it('the next minute is after now, even if it is now', () => {
  const now = at('2026-12-01T12:00:00Z');
  expect(nextMinute(now, 13 * 60, 'Europe/Rome', { countsRepeats: true })).toBe(now + DAY_MS);
  expect(nextMinute(epochMs(now - 1), 13 * 60, 'Europe/Rome', { countsRepeats: true })).toBe(now);
  expect(nextMinute(now, 13 * 60 + 1, 'Europe/Rome', { countsRepeats: true })).toBe(now + MINUTE_MS);
});

it('a time zone has a name that exists', () => {
  expect(parseTimeZone('europe/rome')).toBe('Europe/Rome');
  for (const text of ['', 'Mars/Olympus', 'Europe/Rome\r\nBcc: x']) expect(() => parseTimeZone(text)).toThrow(RangeError);
});
