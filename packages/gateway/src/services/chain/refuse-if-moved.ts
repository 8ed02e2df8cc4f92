import type { ChainChange } from '../../chain/chain-change.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/**
 * Refuses a step that does not continue the stored chain, because another process or an operator has moved it since it was read, or the
 * database has gone back. Also a step without new blocks is refused: it may place payments in blocks that are read again, and they would
 * never be taken back if their block is no longer stored.
 *
 * @throws Error if it does not. The next round reads where the chain is now.
 */
export async function refuseIfMoved(
  { chain }: Pick<StoreTransaction, 'chain'>,
  { storedTip: expected }: Pick<ChainChange, 'storedTip'>,
): Promise<void> {
  const tip = await chain.tip();
  if (tip?.hash === expected) return;
  throw new Error(
    `the stored chain has moved meanwhile: expected its tip to be ${expected ?? 'no block'}, got ${tip?.hash ?? 'no block'}`,
  );
}
