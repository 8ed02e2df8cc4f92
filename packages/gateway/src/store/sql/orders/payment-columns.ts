/** The columns of `payments`, except those for the place of a payment. */
import type { Selectable } from 'kysely';
import type { Txid } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { Payment } from '../../../orders/order.ts';
import type { PlacedPayment } from '../../ports/order-store.ts';
import { placeFrom, type PlaceColumns } from '../chain/place-columns.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const paymentColumns = {
  txid: { kind: 'text', of: ({ outPoint }: PlacedPayment): Txid => outPoint.txid },
  vout: { kind: 'integer', of: ({ outPoint }: PlacedPayment): number => outPoint.vout },
  order_id: { kind: 'text', of: ({ orderId }: PlacedPayment): OrderId => orderId },
  amount_sats: { kind: 'sats', of: ({ amount }: PlacedPayment): Sats => amount },
  normalized_txid: { kind: 'text', of: ({ normalizedTxid }: PlacedPayment): Txid => normalizedTxid },
  first_seen_at: { kind: 'time', of: ({ firstSeenAt }: PlacedPayment): EpochMs => firstSeenAt },
  /** The rate when the payment was first seen; null if none was known. */
  seen_rate_source: { kind: 'textOrNull', of: ({ rate }: PlacedPayment): string | null => rate?.source ?? null },
  seen_rate_value: { kind: 'textOrNull', of: ({ rate }: PlacedPayment): string | null => rate?.value ?? null },
  seen_rate_at: { kind: 'timeOrNull', of: ({ rate }: PlacedPayment): EpochMs | null => rate?.at ?? null },
  counted: { kind: 'flag' },
  /** The `blockchain_status` that was last reported; `new` if none was, `unknown` if it was not recorded. */
  noted: { kind: 'text' },
} as const;

export type PaymentsTable = TableOf<typeof paymentColumns> & PlaceColumns;

const read = readersOf(paymentColumns);

export function paymentFrom(row: Selectable<PaymentsTable>): Payment {
  return {
    outPoint: { txid: read.txid(row.txid), vout: read.vout(row.vout) },
    amount: read.amount_sats(row.amount_sats),
    normalizedTxid: read.normalized_txid(row.normalized_txid),
    firstSeenAt: read.first_seen_at(row.first_seen_at),
    place: placeFrom(row),
    counted: read.counted(row.counted),
    ...(row.noted === 'new' ? {} : { noted: row.noted as NonNullable<Payment['noted']> }),
  };
}
