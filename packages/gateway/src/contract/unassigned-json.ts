/** An unassigned payment as JSON, for the commands and the panel. */
import { isoDate } from '../kernel/clock.ts';
import type { UnassignedPayment } from '../orders/unassigned-payment.ts';

export interface UnassignedJson {
  readonly txid: string;
  readonly vout: number;
  readonly account: string;
  readonly address_index: number;
  readonly address: string;
  /** In satoshi. */
  readonly amount: number;
  /** `mempool`, `block`, `missing`, or `gone` if it was reverted. */
  readonly place: string;
  readonly block_height: number | null;
  readonly first_seen_at: string;
  readonly acknowledged_at: string | null;
  readonly note: string | null;
}

export function unassignedJson(payment: UnassignedPayment): UnassignedJson {
  const { outPoint, place, acknowledged } = payment;
  return {
    txid: outPoint.txid,
    vout: outPoint.vout,
    account: payment.accountId,
    address_index: payment.addressIndex,
    address: payment.address,
    amount: Number(payment.amount),
    place: place.kind,
    block_height: place.kind === 'block' ? place.height : null,
    first_seen_at: isoDate(payment.firstSeenAt),
    acknowledged_at: acknowledged === null ? null : isoDate(acknowledged.at),
    note: acknowledged?.note ?? null,
  };
}
