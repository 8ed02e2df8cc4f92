/** A payment link of a POS: a public page on which anyone opens an order, and pays it. */
import type { EpochMs } from '../kernel/clock.ts';
import type { LinkId, PosId } from '../kernel/ids.ts';
import type { CurrencyCode } from '../orders/currency.ts';
import type { FiatAmount } from '../orders/fiat.ts';

export interface PaymentLink extends LinkTerms {
  readonly id: LinkId;
  readonly posId: PosId;
  /** The end of its URL. It never changes, because it may be printed. */
  readonly name: string;
  readonly active: boolean;
  readonly createdAt: EpochMs;
}

/** What its merchant may change. */
export interface LinkTerms {
  readonly title: string;
  readonly description: string | null;
  /** The currency of its amounts: that of its POS when they were entered. */
  readonly currency: CurrencyCode;
  readonly price: LinkPrice;
  /** How often it may be paid; null: as often as anyone likes. */
  readonly quantity: number | null;
  readonly expiresAt: EpochMs | null;
  /** Whether the buyer may leave a note. */
  readonly takesNote: boolean;
}

export type LinkPrice =
  | { readonly kind: 'fixed'; readonly amount: FiatAmount }
  /** The buyer enters the amount. Null: no limit of the link's own. */
  | { readonly kind: 'open'; readonly min: FiatAmount | null; readonly max: FiatAmount | null };

/** The path of a link's page. */
export function linkPath({ name }: Pick<PaymentLink, 'name'>): string {
  return `/l/${name}`;
}

/** The reference of its orders, by which the merchant finds them. */
export function linkReference({ name }: Pick<PaymentLink, 'name'>): string {
  return `link:${name}`;
}
