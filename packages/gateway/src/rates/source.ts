/** The port to the price of bitcoin. */
import type { EpochMs } from '../kernel/clock.ts';

export interface RateSource {
  /**
   * Returns the current rate from memory: a request never waits for an exchange. Undefined when there is no rate for the
   * currency.
   *
   * @param choice the choice of the POS; without one, the gateway's default without a spread.
   */
  rate(currency: string, choice?: RateChoice): Rate | undefined;
}

/** The rate settings of a POS. */
export interface RateChoice {
  /** A single provider, such as `kraken`; null: the median of all that answer. */
  readonly provider: string | null;
  /** The spread taken off the rate, in basis points: 50 makes the buyer pay half a percent more bitcoin. */
  readonly spreadBps: number;
}

export const DEFAULT_CHOICE: RateChoice = { provider: null, spreadBps: 0 };

export interface Rate {
  /** `fixed`, the name of an exchange, or `median:` and the names of those that agreed. */
  readonly source: string;
  /** Units of fiat for one bitcoin, a decimal string above 0. */
  readonly value: string;
  /** When the exchange had this price; of several, the oldest. */
  readonly at: EpochMs;
}
