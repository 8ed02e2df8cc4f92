import type { ChainChange } from '../../chain/chain-change.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/**
 * Refuses a step that does not continue the stored chain, because another process or an operator has moved it since it was read.
 *
 * @throws Error if it does not. The next round reads where the chain is now.
 */
export async function refuseIfMoved(
  { chain }: Pick<StoreTransaction, 'chain'>,
  undo: ChainChange['undo'],
  apply: ChainChange['apply'],
): Promise<void> {
  const expected = undo[0]?.hash ?? apply[0]?.previous;
  if (expected === undefined) return;
  const tip = await chain.tip();
  if (tip === undefined ? undo.length === 0 : tip.hash === expected) return;
  throw new Error(`the stored chain has moved meanwhile: expected its tip to be ${expected}, got ${tip?.hash ?? 'no block'}`);
}
