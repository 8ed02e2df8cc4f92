/** The columns of `refunds`. */
import type { Selectable } from 'kysely';
import type { OutPoint, ScriptHex, Txid } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId, PosId, RefundId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { CurrencyCode } from '../../../orders/currency.ts';
import { anyApproval, type Approval, type Refund, type RefundPrice, type RefundState } from '../../../refunds/refund.ts';
import { readersOf, rowWriter, type NewRow, type TableOf } from '../columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';

const approvalOf = (refund: Refund): Approval | undefined => anyApproval(refund);
const fiatOf = (refund: Refund): Exclude<RefundPrice, { kind: 'satoshi' }> | undefined => {
  const price = approvalOf(refund)?.price;
  return price === undefined || price.kind === 'satoshi' ? undefined : price;
};
const payoutOf = ({ state }: Refund): OutPoint | undefined =>
  state.status === 'seen' || state.status === 'confirmed' ? state.payout : undefined;

/** The columns that never change. */
const fixedColumns = {
  id: { kind: 'text', of: ({ id }: Refund): RefundId => id },
  order_id: { kind: 'text', of: ({ orderId }: Refund): OrderId => orderId },
  pos_id: { kind: 'text', of: ({ posId }: Refund): PosId => posId },
  requested_by: { kind: 'text', of: ({ requestedBy }: Refund): Refund['requestedBy'] => requestedBy },
} as const;

const changingColumns = {
  requested_at: { kind: 'time', of: ({ requestedAt }: Refund): EpochMs => requestedAt },
  address: { kind: 'text', of: ({ address }: Refund): string => address },
  reason: { kind: 'textOrNull', of: ({ reason }: Refund): string | null => reason },
  status: { kind: 'text', of: ({ state }: Refund): RefundState['status'] => state.status },
  approved_at: { kind: 'timeOrNull', of: (refund: Refund): EpochMs | null => approvalOf(refund)?.at ?? null },
  amount_sats: { kind: 'satsOrNull', of: (refund: Refund): Sats | null => approvalOf(refund)?.amount ?? null },
  script: { kind: 'textOrNull', of: (refund: Refund): ScriptHex | null => approvalOf(refund)?.script ?? null },
  priced: { kind: 'textOrNull', of: (refund: Refund): string | null => approvalOf(refund)?.price.kind ?? null },
  fiat_minor_units: {
    kind: 'textOrNull',
    of: (refund: Refund): string | null => fiatOf(refund)?.fiat.minorUnits.toString() ?? null,
  },
  currency: { kind: 'textOrNull', of: (refund: Refund): string | null => fiatOf(refund)?.fiat.currency ?? null },
  rate: { kind: 'textOrNull', of: (refund: Refund): string | null => fiatOf(refund)?.rate ?? null },
  confirmations: { kind: 'integerOrNull', of: (refund: Refund): number | null => approvalOf(refund)?.confirmations ?? null },
  since_height: { kind: 'integerOrNull', of: ({ sinceHeight }: Refund): number | null => sinceHeight },
  /** When it was refused or cancelled. */
  closed_at: { kind: 'timeOrNull', of: ({ state }: Refund): EpochMs | null => ('at' in state ? state.at : null) },
  payout_txid: { kind: 'textOrNull', of: (refund: Refund): Txid | null => payoutOf(refund)?.txid ?? null },
  payout_vout: { kind: 'integerOrNull', of: (refund: Refund): number | null => payoutOf(refund)?.vout ?? null },
  seal: { kind: 'textOrNull', of: ({ seal }: Refund): string | null => seal },
} as const;

/** The columns that following the chain writes. */
const followedColumns = {
  watch_position: { kind: 'integerOrNull' },
  judge_at_height: { kind: 'integerOrNull' },
  reported: { kind: 'flag' },
} as const;

export type RefundsTable = TableOf<typeof fixedColumns> & TableOf<typeof changingColumns> & TableOf<typeof followedColumns>;

const fixedOf = rowWriter(fixedColumns);

export const changesOfRefund: (refund: Refund) => NewRow<typeof changingColumns> = rowWriter(changingColumns);

export function rowOfRefund(refund: Refund): NewRow<typeof fixedColumns> & NewRow<typeof changingColumns> {
  return { ...fixedOf(refund), ...changesOfRefund(refund) };
}

const read = readersOf({ ...fixedColumns, ...changingColumns, ...followedColumns });

export function refundFrom(row: Selectable<RefundsTable>): Refund {
  return {
    id: read.id(row.id),
    orderId: read.order_id(row.order_id),
    posId: read.pos_id(row.pos_id),
    requestedBy: read.requested_by(row.requested_by),
    requestedAt: read.requested_at(row.requested_at),
    address: row.address,
    sinceHeight: read.since_height(row.since_height),
    reason: row.reason,
    state: stateFrom(row),
    seal: row.seal,
  };
}

function stateFrom(row: Selectable<RefundsTable>): RefundState {
  const approval = approvalFrom(row);
  const closedAt = read.closed_at(row.closed_at);
  const vout = read.payout_vout(row.payout_vout);
  const payout = row.payout_txid === null || vout === null ? undefined : { txid: row.payout_txid as Txid, vout };
  switch (row.status) {
    case 'requested':
      return { status: 'requested' };
    case 'approved':
      if (approval !== null) return { status: 'approved', approval };
      break;
    case 'seen':
    case 'confirmed':
      if (approval !== null && payout !== undefined) return { status: row.status, approval, payout };
      break;
    case 'cancelled':
      if (closedAt !== null) return { status: 'cancelled', at: closedAt, approval };
      break;
    case 'refused':
      if (closedAt !== null) return { status: 'refused', at: closedAt };
      break;
  }
  throw new CorruptRowError(`refund ${row.id}: unknown state ${JSON.stringify(row.status)}, or one without its values`);
}

function approvalFrom(row: Selectable<RefundsTable>): Approval | null {
  const [at, amount] = [read.approved_at(row.approved_at), read.amount_sats(row.amount_sats)];
  const confirmations = read.confirmations(row.confirmations);
  if (at === null || amount === null || row.script === null || confirmations === null) return null;
  return { at, amount, script: row.script as ScriptHex, price: priceFrom(row), confirmations };
}

function priceFrom({ priced, fiat_minor_units: minorUnits, currency, rate }: Selectable<RefundsTable>): RefundPrice {
  if ((priced === 'order' || priced === 'current') && minorUnits !== null && currency !== null && rate !== null)
    return { kind: priced, fiat: { currency: currency as CurrencyCode, minorUnits: BigInt(minorUnits) }, rate };
  return { kind: 'satoshi' };
}
