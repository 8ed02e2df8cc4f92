/** Lets a transaction into the mempool, and out of it whatever it replaces or leaves no room for. */
import { judgeTransaction, paysBetter } from './judge-transaction.ts';
import { drop, type ChainState } from './chain-state.ts';
import type { Mempool, WaitingTransaction } from './mempool.ts';
import type { SandboxTransaction } from './transaction.ts';

/** The mempool does not take a transaction. */
export class RefusedTransactionError extends Error {
  override readonly name = 'RefusedTransactionError';
}

const MOST_MEMPOOL_BYTES = 5_000_000;

/** @throws RefusedTransactionError when it breaks the rules, or pays too little for the little room that there is. */
export function enterMempool(state: ChainState, transaction: SandboxTransaction): ChainState {
  const verdict = judgeTransaction(transaction, state.coins, state.mempool);
  if (verdict.kind === 'refused')
    throw new RefusedTransactionError(`transaction ${transaction.txid} is refused: ${verdict.reason}`);
  const { txid, raw, spends, outputs } = transaction;
  const mempool = state.mempool.but(verdict.replaced, { txid, raw, spends, outputs, fee: verdict.fee, held: false });
  const dropped = new Map([...state.dropped].filter(([each]) => each !== txid));
  const next = withRoom({ ...state, mempool, dropped });
  if (!next.mempool.has(txid))
    throw new RefusedTransactionError(`transaction ${txid} is refused: the mempool is full of better ones`);
  return next;
}

function withRoom(state: ChainState): ChainState {
  let next = state;
  while (bytesOf(next.mempool) > MOST_MEMPOOL_BYTES) next = drop(next, [poorest(next.mempool).txid]);
  return next;
}

function bytesOf(mempool: Mempool): number {
  let bytes = 0;
  for (const { raw } of mempool.all()) bytes += raw.length;
  return bytes;
}

/** Who pays least for each byte; of those that pay the same, who came last. */
function poorest(mempool: Mempool): WaitingTransaction {
  const rate = ({ fee, raw }: WaitingTransaction): { fee: bigint; bytes: bigint } => ({ fee, bytes: BigInt(raw.length) });
  return [...mempool.all()].reduce((least, each) => (paysBetter(rate(each), rate(least)) ? least : each));
}
