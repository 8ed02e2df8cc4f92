import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import { shown, type Options } from './options.ts';
import { UsageError } from './usage-error.ts';

/** Reads an option as a date or time of ISO 8601. @throws UsageError that names the option. */
export function readTime<Name extends string>(options: Options<Name>, name: Name): EpochMs | undefined {
  const text = options.optional(name);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d(?:T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(`--${name}: expected a time such as 2026-11-23 or 2026-11-23T18:00:00Z, got ${shown(text)}`);
  return epochMs(time);
}
