import type { FetchedQuotes } from '../../../rates/fetched-quotes.ts';
import type { Quote } from '../../../rates/quote.ts';

/**
 * The quotes that one process fetches for all that share the database. Their times are by the clock of the database. There is at most one
 * quote for each provider and currency.
 */
export interface SharedRates {
  quotes(): Promise<Quote[]>;
  /**
   * Stores an answer of a provider, unless one to a later request is stored: a process that was suspended must not replace newer prices.
   * Call it in a transaction.
   */
  put(answer: FetchedQuotes): Promise<void>;
}
