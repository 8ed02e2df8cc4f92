/** Decides when a notice is due: at once, with the next digest, or after the quiet hours. */
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { HOUR_MS } from '../kernel/durations.ts';
import { minuteOfDay, nextMinute, offsetAt } from './local-time.ts';
import type { Timetable } from './subscription.ts';

export function dueAt(timetable: Timetable, isUrgent: boolean, now: EpochMs): EpochMs {
  if (isUrgent && timetable.urgentBreaksThrough) return now;
  return afterQuiet(timetable, digestAt(timetable, now));
}

/** Returns the time itself, or the end of the quiet hours in which it lies. */
export function afterQuiet(timetable: Pick<Timetable, 'quiet' | 'timeZone'>, at: EpochMs): EpochMs {
  const { quiet, timeZone } = timetable;
  if (quiet === null || !isQuiet(timetable, at)) return at;
  return nextMinute(at, quiet.to, timeZone, { countsRepeats: true });
}

export function isQuiet({ quiet, timeZone }: Pick<Timetable, 'quiet' | 'timeZone'>, at: EpochMs): boolean {
  if (quiet === null) return false;
  const minute = minuteOfDay(at, timeZone);
  const { from, to } = quiet;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function digestAt({ timing, timeZone }: Timetable, now: EpochMs): EpochMs {
  switch (timing.kind) {
    case 'immediately':
      return now;
    case 'hourly': {
      const local = now + offsetAt(now, timeZone);
      return epochMs(now + HOUR_MS - (((local % HOUR_MS) + HOUR_MS) % HOUR_MS));
    }
    case 'daily':
      // Once a day, also on the day on which the hour comes twice.
      return nextMinute(now, timing.minute, timeZone, { countsRepeats: false });
  }
}
