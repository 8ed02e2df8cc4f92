/** The columns of `unassigned_payments`, except those for the place of a payment. */
import type { Selectable } from 'kysely';
import type { ScriptHex, Txid } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { AccountId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { UnassignedPayment } from '../../../orders/unassigned-payment.ts';
import { readersOf, type TableOf } from '../columns.ts';
import { placeFrom, type PlaceColumns } from './place-columns.ts';

type NewPayment = Omit<UnassignedPayment, 'acknowledged'>;

export const unassignedColumns = {
  txid: { kind: 'text', of: ({ outPoint }: NewPayment): Txid => outPoint.txid },
  vout: { kind: 'integer', of: ({ outPoint }: NewPayment): number => outPoint.vout },
  account_id: { kind: 'text', of: ({ accountId }: NewPayment): AccountId => accountId },
  address_index: { kind: 'integer', of: ({ addressIndex }: NewPayment): number => addressIndex },
  address: { kind: 'text', of: ({ address }: NewPayment): string => address },
  script: { kind: 'text', of: ({ script }: NewPayment): ScriptHex => script },
  amount_sats: { kind: 'sats', of: ({ amount }: NewPayment): Sats => amount },
  normalized_txid: { kind: 'text', of: ({ normalizedTxid }: NewPayment): Txid => normalizedTxid },
  first_seen_at: { kind: 'time', of: ({ firstSeenAt }: NewPayment): EpochMs => firstSeenAt },
  /** When the operator acknowledged the payment. */
  acknowledged_at: { kind: 'timeOrNull' },
  note: { kind: 'textOrNull' },
} as const;

export type UnassignedPaymentsTable = TableOf<typeof unassignedColumns> & PlaceColumns;

const read = readersOf(unassignedColumns);

export function unassignedFrom(row: Selectable<UnassignedPaymentsTable>): UnassignedPayment {
  const acknowledgedAt = read.acknowledged_at(row.acknowledged_at);
  return {
    accountId: read.account_id(row.account_id),
    addressIndex: read.address_index(row.address_index),
    address: read.address(row.address),
    script: read.script(row.script),
    outPoint: { txid: read.txid(row.txid), vout: read.vout(row.vout) },
    amount: read.amount_sats(row.amount_sats),
    normalizedTxid: read.normalized_txid(row.normalized_txid),
    firstSeenAt: read.first_seen_at(row.first_seen_at),
    place: placeFrom(row),
    acknowledged: acknowledgedAt === null ? null : { at: acknowledgedAt, note: row.note ?? '' },
  };
}
