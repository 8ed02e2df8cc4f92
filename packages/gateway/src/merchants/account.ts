/** A merchant's wallet, as the gateway knows it: public keys only. */
import type { Network } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId } from '../kernel/ids.ts';

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly network: Network;
  /** The ranged output descriptor of its receiving addresses, with its checksum (BIP 380). */
  readonly descriptor: string;
  /** The index that the next order's address will have. */
  readonly nextIndex: number;
  readonly createdAt: EpochMs;
}

/** An account without what changes. */
export type FixedAccount = Omit<Account, 'nextIndex'>;

/** Why the indexes of a range were skipped. */
export type SkipReason =
  /** An address at or above the index was paid before it was given to an order. */
  | 'paid'
  /** The gateway was killed while these indexes were set aside: at most one block of them, and most were never used. */
  | 'unclean_stop'
  /** The marks file is ahead of the database, which is an older copy: these indexes were handed out after it was made. */
  | 'older_database'
  /** Another gateway, or another database, has the same wallet and the same marks file. */
  | 'mark'
  /** The node knew payments to one of them, or above, when the account was made. */
  | 'scan'
  /** The operator asked for it. */
  | 'operator';

/** Indexes of an account that no order will get. */
export interface SkippedRange {
  readonly accountId: AccountId;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly reason: SkipReason;
  readonly createdAt: EpochMs;
}
