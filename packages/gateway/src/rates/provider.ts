/** A public source of rates: what to ask it, and how to read its answers. Pure; the asking is done elsewhere. */
import type { Decimal } from '../kernel/decimal.ts';
import type { ProviderName } from './provider-names.ts';

export interface RateProvider {
  readonly name: ProviderName;
  /** Its own description of its interface. */
  readonly docs: string;
  /** The currencies that it has; undefined: whichever its answer holds. */
  readonly currencies: readonly string[] | undefined;
  /** The URLs to get for these currencies, all of which it has; few, and none twice. */
  urls(currencies: readonly string[]): readonly string[];
  /**
   * Reads one answer, whose numbers have been left as text. It may hold other currencies as well.
   *
   * @throws when it is not of the form that it should be.
   */
  read(answer: unknown): readonly Price[];
}

export interface Price {
  readonly currency: string;
  readonly price: Decimal;
  /** When it was so, by the provider's own word, in seconds since 1970; undefined: now. */
  readonly atS?: number;
}
