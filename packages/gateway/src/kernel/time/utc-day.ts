/** The days of UTC. */
import { epochMs, plusMs, type EpochMs } from '../clock.ts';
import { DAY_MS } from '../durations.ts';

function startOfDay(at: EpochMs): EpochMs {
  return epochMs(Math.floor(at / DAY_MS) * DAY_MS);
}

/** Returns the start of a day such as `2026-11-23`; undefined for any other text. */
export function parseDay(text: string): EpochMs | undefined {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 2026-02-30 would be read as a day of March.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(text) ? undefined : epochMs(at);
}

export function startOfNextDay(at: EpochMs): EpochMs {
  return plusMs(startOfDay(at), DAY_MS);
}
