/** The port to the price of bitcoin. */
import type { EpochMs } from '../kernel/clock.ts';

export interface RateSource {
  /**
   * The rate now, from memory: a request never waits for an exchange. Undefined when there is none for the currency.
   *
   * @param choice what the point of sale has picked; nothing: the gateway's default, without a spread.
   */
  rate(currency: string, choice?: RateChoice): Rate | undefined;
}

/** What a point of sale picks. */
export interface RateChoice {
  /** One provider alone, such as `kraken`; null: the median of all that answer. */
  readonly provider: string | null;
  /** What is taken off the rate, in hundredths of a percent: 50 makes the buyer pay half a percent more bitcoin. */
  readonly spreadBps: number;
}

export const DEFAULT_CHOICE: RateChoice = { provider: null, spreadBps: 0 };

export interface Rate {
  /** Who says so: `fixed`, the name of an exchange, or `median:` and the names of those that agreed. */
  readonly source: string;
  /** Units of fiat for one bitcoin, a decimal string above 0. */
  readonly value: string;
  /** When the exchange had this price; of several, the oldest. */
  readonly at: EpochMs;
}
