/** The columns of `payment_links` and `link_orders`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { LinkId, OrderId, PosId } from '../../../kernel/ids.ts';
import type { LinkPrice, PaymentLink } from '../../../links/payment-link.ts';
import type { CurrencyCode } from '../../../orders/currency.ts';
import type { FiatAmount } from '../../../orders/fiat.ts';
import type { LinkPlace } from '../../ports/links/link-store.ts';
import type { Int } from '../columns.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const fixedColumns = {
  id: { kind: 'text', of: ({ id }: PaymentLink): LinkId => id },
  pos_id: { kind: 'text', of: ({ posId }: PaymentLink): PosId => posId },
  name: { kind: 'text', of: ({ name }: PaymentLink): string => name },
  created_at: { kind: 'time', of: ({ createdAt }: PaymentLink): EpochMs => createdAt },
} as const;

export const changingColumns = {
  title: { kind: 'text', of: ({ title }: PaymentLink): string => title },
  description: { kind: 'textOrNull', of: ({ description }: PaymentLink): string | null => description },
  currency: { kind: 'text', of: ({ currency }: PaymentLink): string => currency },
  amount: { kind: 'textOrNull', of: ({ price }: PaymentLink): string | null => digits(price.kind === 'fixed' && price.amount) },
  min_amount: { kind: 'textOrNull', of: ({ price }: PaymentLink): string | null => digits(price.kind === 'open' && price.min) },
  max_amount: { kind: 'textOrNull', of: ({ price }: PaymentLink): string | null => digits(price.kind === 'open' && price.max) },
  quantity: { kind: 'integerOrNull', of: ({ quantity }: PaymentLink): number | null => quantity },
  expires_at: { kind: 'timeOrNull', of: ({ expiresAt }: PaymentLink): EpochMs | null => expiresAt },
  takes_note: { kind: 'flag', of: ({ takesNote }: PaymentLink): boolean => takesNote },
  active: { kind: 'flag', of: ({ active }: PaymentLink): boolean => active },
} as const;

export type PaymentLinksTable = TableOf<typeof fixedColumns & typeof changingColumns> & {
  /** Settled places that were paid. */
  paid_places: Int;
};

export const placeColumns = {
  link_id: { kind: 'text', of: ({ linkId }: LinkPlace): LinkId => linkId },
  key: { kind: 'text', of: ({ key }: LinkPlace): string => key },
  order_id: { kind: 'textOrNull', of: ({ orderId }: LinkPlace): OrderId | null => orderId },
  taken_at: { kind: 'time', of: ({ takenAt }: LinkPlace): EpochMs => takenAt },
  /** Whether the place can no longer be given back. */
  settled: { kind: 'flag', of: (): boolean => false },
} as const;

export type LinkOrdersTable = TableOf<typeof placeColumns>;

const read = readersOf({ ...fixedColumns, ...changingColumns });
const readPlace = readersOf(placeColumns);

export function linkFrom(row: Selectable<PaymentLinksTable>): PaymentLink {
  return {
    id: read.id(row.id),
    posId: read.pos_id(row.pos_id),
    name: row.name,
    title: row.title,
    description: row.description,
    currency: row.currency as CurrencyCode,
    price: priceFrom(row),
    quantity: read.quantity(row.quantity),
    expiresAt: read.expires_at(row.expires_at),
    takesNote: read.takes_note(row.takes_note),
    active: read.active(row.active),
    createdAt: read.created_at(row.created_at),
  };
}

function priceFrom(row: Selectable<PaymentLinksTable>): LinkPrice {
  const amount = (stored: string | null): FiatAmount | null =>
    stored === null ? null : { currency: row.currency as CurrencyCode, minorUnits: BigInt(stored) };
  const fixed = amount(row.amount);
  return fixed === null
    ? { kind: 'open', min: amount(row.min_amount), max: amount(row.max_amount) }
    : { kind: 'fixed', amount: fixed };
}

export function placeFrom(row: Pick<Selectable<LinkOrdersTable>, 'link_id' | 'key' | 'order_id' | 'taken_at'>): LinkPlace {
  return {
    linkId: readPlace.link_id(row.link_id),
    key: row.key,
    orderId: readPlace.order_id(row.order_id),
    takenAt: readPlace.taken_at(row.taken_at),
  };
}

function digits(amount: FiatAmount | null | false): string | null {
  return amount === null || amount === false ? null : amount.minorUnits.toString();
}
