/** Computes what has to be stored when the state of the sandbox chain changes. */
import type { Txid } from '../../kernel/chain.ts';
import { prunedCoins, type ChainState, type SandboxBlock } from './chain-state.ts';
import type { SandboxSave, StoredSandboxTransaction, TransactionPlace } from './store.ts';

/** A transaction outside the blocks, as it is stored. */
interface Listed {
  readonly txid: Txid;
  readonly raw: Uint8Array;
  readonly place: TransactionPlace;
}

/** @param position The position of the transaction stored last. The result has the new last position. */
export function changeToStore(
  before: ChainState,
  after: ChainState,
  pruned: readonly SandboxBlock[],
  position: number,
): { readonly save: SandboxSave; readonly position: number } {
  const transactions = transactionsToStore(listed(before), listed(after), position);
  return {
    save: {
      ...blocksToStore(before, after),
      pruneBelow: pruned.length === 0 ? undefined : (pruned.at(-1)?.height ?? 0) + 1,
      ...prunedCoins(pruned),
      removed: transactions.removed,
      added: transactions.added,
    },
    position: transactions.added.at(-1)?.position ?? position,
  };
}

function blocksToStore(before: ChainState, after: ChainState): Pick<SandboxSave, 'rollBackFrom' | 'blocks'> {
  if (before.blocks === after.blocks) return { rollBackFrom: undefined, blocks: [] };
  const known = new Set(before.blocks);
  const added = after.blocks.filter((block) => !known.has(block));
  const from = added[0]?.height;
  const isUndone = from !== undefined && before.blocks.some(({ height }) => height >= from);
  return { rollBackFrom: isUndone ? from : undefined, blocks: added.map(({ height, hash, raw }) => ({ height, hash, raw })) };
}

function transactionsToStore(
  before: readonly Listed[],
  after: readonly Listed[],
  position: number,
): { readonly removed: readonly Txid[]; readonly added: readonly StoredSandboxTransaction[] } {
  const wasIn = new Map(before.map(({ txid, place }) => [txid, place]));
  const stays = ({ txid, place }: Listed): boolean => wasIn.get(txid) === place;
  const firstNew = after.findIndex((each) => !stays(each));
  // Positions only increase, so a stored transaction that now comes after a new one is stored again with a new position.
  const kept = new Set((firstNew === -1 ? after : after.slice(0, firstNew)).map(({ txid }) => txid));
  return {
    removed: before.filter(({ txid }) => !kept.has(txid)).map(({ txid }) => txid),
    added: after
      .filter(({ txid }) => !kept.has(txid))
      .map(({ txid, raw, place }, index) => ({ txid, raw, place, position: position + index + 1 })),
  };
}

/** Dropped transactions first, because they change least. */
function listed({ dropped, mempool }: ChainState): Listed[] {
  const waiting = [...mempool.all()].map(({ txid, raw, held }): Listed => ({ txid, raw, place: held ? 'held' : 'waiting' }));
  return [...[...dropped.values()].map(({ txid, raw }): Listed => ({ txid, raw, place: 'dropped' })), ...waiting];
}
