/** Adds a transaction to the mempool, and removes those that it replaces or displaces for lack of room. */
import { judgeTransaction, paysBetter } from './judge-transaction.ts';
import { drop, type ChainState } from './chain-state.ts';
import type { Mempool, WaitingTransaction } from './mempool.ts';
import type { SandboxTransaction } from './transaction.ts';

/** The mempool rejects the transaction. */
export class RefusedTransactionError extends Error {
  override readonly name = 'RefusedTransactionError';
}

const MAX_MEMPOOL_BYTES = 5_000_000;

/** @throws RefusedTransactionError when it breaks the rules, or its fee rate is too low for a full mempool. */
export function enterMempool(state: ChainState, transaction: SandboxTransaction): ChainState {
  const verdict = judgeTransaction(transaction, state.coins, state.mempool);
  if (verdict.kind === 'refused')
    throw new RefusedTransactionError(`transaction ${transaction.txid} is refused: ${verdict.reason}`);
  const { txid, raw, spends, outputs } = transaction;
  const mempool = state.mempool.without(verdict.replaced, { txid, raw, spends, outputs, fee: verdict.fee, held: false });
  const dropped = new Map([...state.dropped].filter(([each]) => each !== txid));
  const next = withRoom({ ...state, mempool, dropped });
  if (!next.mempool.has(txid))
    throw new RefusedTransactionError(
      `transaction ${txid} is refused: the mempool is full of transactions with better fee rates`,
    );
  return next;
}

function withRoom(state: ChainState): ChainState {
  let next = state;
  while (bytesOf(next.mempool) > MAX_MEMPOOL_BYTES) next = drop(next, [poorest(next.mempool).txid]);
  return next;
}

function bytesOf(mempool: Mempool): number {
  let bytes = 0;
  for (const { raw } of mempool.all()) bytes += raw.length;
  return bytes;
}

/** The transaction with the lowest fee rate; among equals, the latest. */
function poorest(mempool: Mempool): WaitingTransaction {
  const rate = ({ fee, raw }: WaitingTransaction): { fee: bigint; bytes: bigint } => ({ fee, bytes: BigInt(raw.length) });
  return [...mempool.all()].reduce((least, each) => (paysBetter(rate(each), rate(least)) ? least : each));
}
