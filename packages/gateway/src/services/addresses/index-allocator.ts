/** The port through which new orders take indexes of a wallet. No index is taken twice. */
import type { AccountId } from '../../kernel/ids.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** Takes the account's next indexes in a transaction. Returns the first one. */
export type TakeIndexes = (tx: Pick<StoreTransaction, 'accounts' | 'readyIndexes'>, count: number) => Promise<number>;

export interface IndexAllocator {
  /**
   * Runs work that takes at most `count` indexes of an account in its own transaction. The work of an account runs one after the other.
   * It may run more than once, if its transaction was rolled back.
   *
   * @throws ContractError 4006 if no index can be handed out now; otherwise what `work` throws.
   */
  take<T>(id: AccountId, count: number, work: (take: TakeIndexes) => Promise<T>): Promise<T>;
}
