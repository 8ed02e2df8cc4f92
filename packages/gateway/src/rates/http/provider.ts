/** A public rate source: what to request, and how to read the answers. Pure; the requests are made elsewhere. */
import type { Decimal } from '../../kernel/decimal.ts';
import type { ProviderName } from '../provider-names.ts';

export interface RateProvider {
  readonly name: ProviderName;
  /** The provider's API documentation. */
  readonly docs: string;
  /** The currencies that it supports; undefined: those in its answer. */
  readonly currencies: readonly string[] | undefined;
  /** The URLs to request for these supported currencies; few, without duplicates. */
  urls(currencies: readonly string[]): readonly string[];
  /**
   * Reads one answer, with its numbers as strings. It may contain other currencies as well. Each price is judged by itself, so an
   * unusable one does not affect the others.
   *
   * @throws UnexpectedAnswerError when the part common to all prices is malformed.
   */
  read(answer: unknown): readonly (Price | OddPrice)[];
}

export interface Price {
  readonly currency: string;
  readonly price: Decimal;
  /** When the provider had this price, in seconds since 1970; undefined: now. */
  readonly atS?: number;
}

/** A currency in the answer without a usable price. */
export interface OddPrice {
  readonly currency: string;
  /** What was expected, and what was received. */
  readonly odd: string;
}
