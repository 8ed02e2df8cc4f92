/** A merchant's account: the public half of a wallet. */
import type { Network } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId } from '../kernel/ids.ts';

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly network: Network;
  /** The ranged output descriptor of its receiving addresses, with its checksum (BIP 380). */
  readonly descriptor: string;
  /** The index of the next order's address. */
  readonly nextIndex: number;
  readonly createdAt: EpochMs;
  /** Authenticates everything above but the index and the time (`security/wallet-seals.ts`); null: not sealed. */
  readonly seal: string | null;
}

/** The part of an account that never changes. */
export type FixedAccount = Omit<Account, 'nextIndex'>;

/** Why a range of indexes was skipped. */
export type SkipReason =
  /** An address in the range was paid before an order got it. */
  | 'paid'
  /** The gateway was killed while these indexes were reserved: at most one block of them, of which most were never handed out. */
  | 'unclean_stop'
  /** The marks file is newer than the database, which was restored: these indexes were handed out after the backup. */
  | 'older_database'
  /** A failover of PostgreSQL may have lost orders at these indexes. */
  | 'failover'
  /** Another gateway or database uses the same wallet and the same marks file. */
  | 'mark'
  /** The node knew payments to this range when the account was created. */
  | 'scan'
  /** The operator skipped them. */
  | 'operator';

/** A range of indexes that no order gets any more. */
export interface SkippedRange {
  readonly accountId: AccountId;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly reason: SkipReason;
  readonly createdAt: EpochMs;
}
