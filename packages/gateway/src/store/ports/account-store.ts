import type { EpochMs } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Account, SkipReason, SkippedRange } from '../../merchants/account.ts';

export interface AccountStore {
  insert(account: Account): Promise<void>;
  get(id: AccountId): Promise<Account | undefined>;
  list(): Promise<Account[]>;
  /** Seals an account, or removes its seal. */
  setSeal(id: AccountId, seal: string | null): Promise<void>;
  /** Takes the next indexes of the account and returns the first of them. No two callers get the same index. */
  takeIndexes(id: AccountId, count: number): Promise<number>;
  /**
   * Raises the next index of the account to `to`, if it is below, and records the range that no order will get. Returns undefined if
   * there was nothing to raise. Call it in a transaction: others cannot take indexes until that ends.
   */
  raiseIndex(id: AccountId, to: number, reason: SkipReason, at: EpochMs): Promise<SkippedRange | undefined>;
  /** Returns the skipped ranges of an account, or of all accounts, the lowest first. */
  skippedRanges(id?: AccountId): Promise<SkippedRange[]>;
  /** Deletes an account if none of its indexes was ever taken, and returns whether it did. Call it in a transaction. */
  deleteUnused(id: AccountId): Promise<boolean>;
  /** Returns the highest index whose address has received any payment, of those from `from` to below `below`. */
  lastPaidIndex(id: AccountId, from: number, below: number): Promise<number | undefined>;
}
