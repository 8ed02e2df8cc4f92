import type { AccountId } from '../../kernel/ids.ts';
import type { EpochMs } from '../../kernel/clock.ts';

/** A row that decides where money goes, and whose seal does not fit. */
export interface BrokenRow {
  readonly kind: 'account' | 'pos' | 'address' | 'order' | 'refund';
  /** The id of the row; of a derived address, its index. */
  readonly id: string;
  /** Null for a refund. */
  readonly accountId: AccountId | null;
  /** Whether its seal is missing, or was made for other values or with another key. */
  readonly fault: 'missing' | 'wrong';
  readonly seenAt: EpochMs;
}

/** Describes a row to the operator. */
export function describeBroken({ kind, id, accountId, fault }: Pick<BrokenRow, 'kind' | 'id' | 'accountId' | 'fault'>): string {
  const what = fault === 'missing' ? 'has no seal' : 'was changed outside WebPOS';
  switch (kind) {
    case 'account':
      return `account ${id} ${what}`;
    case 'pos':
      return `the account of POS ${id} ${what}`;
    case 'address':
      return `address ${id} of account ${accountId} ${what}`;
    case 'order':
      return `the address of order ${id} ${what}`;
    case 'refund':
      return `the destination of refund ${id} ${what}`;
  }
}
