/** A longer branch in the place of the newest blocks, each of its blocks in the place of one of theirs, and one more. */
import type { Txid } from '../../kernel/chain.ts';
import { extend, remember, rollBack, withMempool, type BlockMaker, type ChainState } from './chain-state.ts';
import { Mempool } from './mempool.ts';
import { inputsOf, spendInputs } from './spend-coins.ts';
import type { SandboxTransaction } from './transaction.ts';

/** What becomes of the transactions of the blocks that are replaced, and of those that wait. */
export interface Branch {
  /** These are dropped, with all that spends from them; they may be sent again. */
  readonly without?: readonly Txid[];
  /** These wait in the mempool, and miners pass them over until they are asked for. */
  readonly held?: readonly Txid[];
  /** These can never come back: in their place stands a transaction that spends their coins otherwise. */
  readonly doubleSpent?: readonly Txid[];
  /** Whether the others are mined in the new branch, each as high as before, or wait in the mempool again. */
  readonly others: 'mined' | 'waiting';
}

/** What a double spend pays to miners, in satoshi for a byte. */
const DOUBLE_SPEND_FEE_RATE = 10n;

/** @param depth How many blocks are replaced; with none, there is only one more. */
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

/** A transaction that spends the same coins and pays nobody; none when these coins are not there. */
function doubleSpend(transaction: SandboxTransaction, { coins }: ChainState): SandboxTransaction[] {
  const inputs = inputsOf(transaction, coins, Mempool.EMPTY);
  const spent = inputs.length === 0 ? undefined : spendInputs(inputs, [], (bytes) => bytes * DOUBLE_SPEND_FEE_RATE);
  return spent === undefined ? [] : [spent];
}
