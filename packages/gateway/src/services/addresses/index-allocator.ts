/** How indexes of a wallet are taken for new orders, so that none is ever taken twice. */
import type { AccountId } from '../../kernel/ids.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** Takes the account's next indexes in a transaction, and answers the first of them. */
export type TakeIndexes = (tx: Pick<StoreTransaction, 'accounts'>, count: number) => Promise<number>;

export interface IndexAllocator {
  /**
   * Runs work that takes at most `count` indexes of an account, in a transaction of its own. Works of one account run one after the
   * other, and one may be run again.
   *
   * @throws ContractError 4006 when no index may be handed out now; else what `work` throws.
   */
  take<T>(id: AccountId, count: number, work: (take: TakeIndexes) => Promise<T>): Promise<T>;
}
