/** Replaces the newest blocks by a longer branch: one block for each replaced block, and one more. */
import type { Txid } from '../../kernel/chain.ts';
import { extend, remember, rollBack, withMempool, type BlockMaker, type ChainState } from './chain-state.ts';
import { Mempool } from './mempool.ts';
import { inputsOf, spendInputs } from './spend-coins.ts';
import type { SandboxTransaction } from './transaction.ts';

/** What happens to the transactions of the replaced blocks and of the mempool. */
export interface Branch {
  /** Transactions to drop, with all their descendants. They may be sent again. */
  readonly without?: readonly Txid[];
  /** Transactions that go back to the mempool, where miners skip them until they are requested. */
  readonly held?: readonly Txid[];
  /** Transactions that can never come back, because another transaction spends their coins instead. */
  readonly doubleSpent?: readonly Txid[];
  /** Whether the other transactions are mined in the new branch at their previous height, or go back to the mempool. */
  readonly others: 'mined' | 'waiting';
}

/** The fee of a double spend, in satoshi per byte. */
const DOUBLE_SPEND_FEE_RATE = 10n;

/** @param depth How many blocks are replaced. With 0, one block is added and none replaced. */
export function branchOff(
  state: ChainState,
  depth: number,
  { without = [], held = [], doubleSpent = [], others }: Branch,
  maker: BlockMaker,
): ChainState {
  const [dropped, waiting, ruledOut] = [new Set(without), new Set(held), new Set(doubleSpent)];
  const replaced = depth === 0 ? [] : state.blocks.slice(-depth);
  const undone = replaced.flatMap(({ transactions }) => transactions.slice(1));
  let next = depth === 0 ? state : rollBack(state, depth);

  const inBranch = (transaction: SandboxTransaction): SandboxTransaction[] => {
    if (ruledOut.has(transaction.txid)) return doubleSpend(transaction, next);
    const isLeftOut = others === 'waiting' || dropped.has(transaction.txid) || waiting.has(transaction.txid);
    return isLeftOut ? [] : [transaction];
  };
  for (const { transactions } of replaced) {
    next = extend(next, transactions.slice(1).flatMap(inBranch), maker, transactions[0]);
  }
  const known = [...state.dropped.values(), ...state.mempool.all()].filter(({ txid }) => ruledOut.has(txid));
  next = extend(
    next,
    known.flatMap((transaction) => doubleSpend(transaction, next)),
    maker,
  );

  const mined = new Set(next.blocks.slice(-depth - 1).flatMap(({ transactions }) => transactions.map(({ txid }) => txid)));
  const mayWait = ({ txid }: SandboxTransaction): boolean => !mined.has(txid) && !dropped.has(txid) && !ruledOut.has(txid);
  const candidates = [...undone.map((each) => ({ ...each, held: waiting.has(each.txid) })), ...state.mempool.all()];
  const left = [...undone, ...state.mempool.all()].filter(({ txid }) => dropped.has(txid));
  const forgotten = new Map([...next.dropped].filter(([txid]) => !ruledOut.has(txid)));
  return remember(withMempool({ ...next, dropped: forgotten }, candidates.filter(mayWait)), left);
}

/** Builds a transaction that spends the same coins and pays nobody, or none if the coins do not exist. */
function doubleSpend(transaction: SandboxTransaction, { coins }: ChainState): SandboxTransaction[] {
  const inputs = inputsOf(transaction, coins, Mempool.EMPTY);
  const spent = inputs.length === 0 ? undefined : spendInputs(inputs, [], (bytes) => bytes * DOUBLE_SPEND_FEE_RATE);
  return spent === undefined ? [] : [spent];
}
