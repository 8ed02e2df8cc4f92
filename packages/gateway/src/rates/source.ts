/** The port to the price of bitcoin. */
import type { EpochMs } from '../kernel/clock.ts';

export interface RateSource {
  /** The rate now, from memory: a request never waits for an exchange. Undefined when there is none for the currency. */
  rate(currency: string): Rate | undefined;
}

export interface Rate {
  /** Who says so: `fixed`, later the names of exchanges. */
  readonly source: string;
  /** Units of fiat for one bitcoin, a decimal string above 0. */
  readonly value: string;
  readonly at: EpochMs;
}
