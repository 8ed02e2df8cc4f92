import type { EpochMs } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Account, SkipReason, SkippedRange } from '../../merchants/account.ts';

export interface AccountStore {
  insert(account: Account): Promise<void>;
  get(id: AccountId): Promise<Account | undefined>;
  list(): Promise<Account[]>;
  /** Takes the next indexes of the account's wallet, and answers the first of them; no two callers ever get the same. */
  takeIndexes(id: AccountId, count: number): Promise<number>;
  /**
   * Raises the account's next index to `to` where it is below, so that no order gets what lies between, and records that range;
   * undefined when there was nothing to raise. In a transaction, which keeps others from taking indexes until it ends.
   */
  raiseIndex(id: AccountId, to: number, reason: SkipReason, at: EpochMs): Promise<SkippedRange | undefined>;
  /** Ranges that were skipped, the lowest first; of every account where none is named. */
  skippedRanges(id?: AccountId): Promise<SkippedRange[]>;
  /** Takes an account away if none of its indexes was ever taken; answers whether it was. In a transaction. */
  deleteUnused(id: AccountId): Promise<boolean>;
  /** The largest index, `from` or above, whose address has been paid, ever so little. */
  lastPaidIndex(id: AccountId, from?: number): Promise<number | undefined>;
}
