import type { EpochMs } from '../../kernel/clock.ts';
import type { AccountId, OrderId, PosId, RefundId } from '../../kernel/ids.ts';

/** A row that decides where money goes. */
export type SealedRow =
  | { readonly kind: 'account'; readonly id: AccountId }
  /** `accountId`: the account that the POS is bound to. */
  | { readonly kind: 'pos'; readonly id: PosId; readonly accountId: AccountId }
  /** A derived address. */
  | { readonly kind: 'address'; readonly index: number; readonly accountId: AccountId }
  | { readonly kind: 'order'; readonly id: OrderId; readonly accountId: AccountId }
  | { readonly kind: 'refund'; readonly id: RefundId };

/** Whether its seal is missing, or was made for other values or with another key. */
export type SealFault = 'missing' | 'wrong';

/** A row whose seal does not fit. */
export type BrokenRow = SealedRow & { readonly fault: SealFault; readonly seenAt: EpochMs };

/** A row as the log and the audit log have it. */
export interface RowFields {
  readonly kind: SealedRow['kind'];
  /** The id of the row; of a derived address, its index. */
  readonly id: string;
  /** Null for a refund. */
  readonly account: AccountId | null;
}

export function rowFields(row: SealedRow): RowFields {
  switch (row.kind) {
    case 'account':
      return { kind: row.kind, id: row.id, account: row.id };
    case 'address':
      return { kind: row.kind, id: String(row.index), account: row.accountId };
    case 'pos':
    case 'order':
      return { kind: row.kind, id: row.id, account: row.accountId };
    case 'refund':
      return { kind: row.kind, id: row.id, account: null };
  }
}

/** Describes a row to the operator. */
export function describeBroken(row: SealedRow & Pick<BrokenRow, 'fault'>): string {
  const what = row.fault === 'missing' ? 'has no seal' : 'was changed outside WebPOS';
  switch (row.kind) {
    case 'account':
      return `account ${row.id} ${what}`;
    case 'pos':
      return `the account of POS ${row.id} ${what}`;
    case 'address':
      return `address ${row.index} of account ${row.accountId} ${what}`;
    case 'order':
      return `the address of order ${row.id} ${what}`;
    case 'refund':
      return `the destination of refund ${row.id} ${what}`;
  }
}
