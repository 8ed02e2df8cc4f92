/** Rates fixed by the operator, for the sandbox and for tests: `fixed:EUR=60000,USD=65000`. */
import type { Clock } from '../kernel/clock.ts';
import { DEFAULT_CHOICE, type RateSource } from './source.ts';
import { withSpread } from './spread.ts';

const PREFIX = 'fixed:';
const PAIR = /^([A-Z]{3})=(\d{1,12}(?:\.\d{1,8})?)$/;

/** @throws RangeError when the text is not of this form, naming the invalid part. */
export function parseFixedRates(text: string): ReadonlyMap<string, string> {
  const list = isFixedRates(text) ? text.slice(PREFIX.length) : undefined;
  if (list === undefined) throw new RangeError(`expected fixed:CURRENCY=RATE[,CURRENCY=RATE...], got ${JSON.stringify(text)}`);
  const rates = new Map<string, string>();
  for (const part of list.split(',')) {
    const [, currency, rate] = PAIR.exec(part.trim()) ?? [];
    if (currency === undefined || rate === undefined || /^[0.]+$/.test(rate)) {
      throw new RangeError(`expected CURRENCY=RATE such as EUR=60000, got ${JSON.stringify(part)}`);
    }
    if (rates.has(currency)) throw new RangeError(`expected ${currency} once, got ${JSON.stringify(part)} as well`);
    rates.set(currency, rate);
  }
  return rates;
}

/** Whether a setting means fixed rates, valid or not. */
export function isFixedRates(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Also used for a POS that has chosen an exchange, with the spread of that POS. */
export function fixedRates(rates: ReadonlyMap<string, string>, clock: Clock): RateSource {
  return {
    rate: (currency, { spreadBps } = DEFAULT_CHOICE) => {
      const value = rates.get(currency);
      return value === undefined ? undefined : { source: 'fixed', value: withSpread(value, spreadBps), at: clock.now() };
    },
  };
}
