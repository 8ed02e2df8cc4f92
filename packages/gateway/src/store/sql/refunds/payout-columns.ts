/** The columns of `refund_payouts`, except those for the place of a payment. */
import type { Selectable } from 'kysely';
import type { ScriptHex, Txid } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { RefundId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { Payout } from '../../../refunds/payout.ts';
import { placeFrom, type PlaceColumns } from '../chain/place-columns.ts';
import { readersOf, type TableOf } from '../columns.ts';

type NewPayout = Omit<Payout, 'refundId'>;

export const payoutColumns = {
  txid: { kind: 'text', of: ({ outPoint }: NewPayout): Txid => outPoint.txid },
  vout: { kind: 'integer', of: ({ outPoint }: NewPayout): number => outPoint.vout },
  script: { kind: 'text', of: ({ script }: NewPayout): ScriptHex => script },
  amount_sats: { kind: 'sats', of: ({ amount }: NewPayout): Sats => amount },
  first_seen_at: { kind: 'time', of: ({ firstSeenAt }: NewPayout): EpochMs => firstSeenAt },
  refund_id: { kind: 'textOrNull' },
} as const;

export type RefundPayoutsTable = TableOf<typeof payoutColumns> & PlaceColumns;

const read = readersOf(payoutColumns);

export function payoutFrom(row: Selectable<RefundPayoutsTable>): Payout {
  return {
    outPoint: { txid: read.txid(row.txid), vout: read.vout(row.vout) },
    script: read.script(row.script),
    amount: read.amount_sats(row.amount_sats),
    firstSeenAt: read.first_seen_at(row.first_seen_at),
    place: placeFrom(row),
    refundId: row.refund_id as RefundId | null,
  };
}
