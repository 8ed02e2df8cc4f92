/**
 * The state of the sandbox chain, and the transitions between states. States are immutable: each step returns a new one, which is
 * stored before anyone sees it.
 */
import { outPointKey, type BlockHash, type Txid } from '../../kernel/chain.ts';
import { applyToCoins, mintedOutputs, undoInCoins, type Coin, type Coins } from './coins.ts';
import { feeOf } from './judge-transaction.ts';
import { Mempool, type WaitingTransaction } from './mempool.ts';
import { buildBlock, buildCoinbase } from './serialize.ts';
import { CHANGE_LASTS_BLOCKS } from './spend-coins.ts';
import type { StoredSandboxBlock } from './store.ts';
import { blockTransactions, ownBytes, sandboxTransaction, type SandboxTransaction } from './transaction.ts';

export interface ChainState {
  /** The newest blocks, oldest first. */
  readonly blocks: readonly SandboxBlock[];
  readonly coins: Coins;
  readonly mempool: Mempool;
  /** Transactions that have left the mempool without being mined, newest last. They may be sent again. */
  readonly dropped: ReadonlyMap<Txid, SandboxTransaction>;
}

export interface SandboxBlock extends StoredSandboxBlock {
  /** The coinbase first. */
  readonly transactions: readonly SandboxTransaction[];
  /** The wallet's coins that the block spends. */
  readonly spent: readonly Coin[];
}

/** The inputs that make each block unique. */
export interface BlockMaker {
  readonly timeS: () => number;
  readonly random: (bytes: number) => Uint8Array;
}

const NO_BLOCK = '00'.repeat(32) as BlockHash;
/** How many dropped transactions are remembered. */
const MAX_DROPPED = 200;

/** Rebuilds blocks and coins from the stored data. */
export function replay(
  coinsBefore: readonly Coin[],
  stored: readonly StoredSandboxBlock[],
): Pick<ChainState, 'blocks' | 'coins'> {
  const coins = new Map(coinsBefore.map((coin) => [outPointKey(coin.outPoint), coin]));
  const blocks = stored.map(({ height, hash, raw: read }) => {
    const raw = ownBytes(read);
    const transactions = blockTransactions(raw);
    return { height, hash, raw, transactions, spent: applyToCoins(coins, transactions, height) };
  });
  return { blocks, coins };
}

/**
 * Adds one block. Transactions with missing coins are left out, and whatever conflicts with the mined transactions leaves the
 * mempool.
 *
 * @param coinbase The coinbase of the replaced block at the same height, so that the coins minted in it remain.
 */
export function extend(
  state: ChainState,
  contents: readonly SandboxTransaction[],
  maker: BlockMaker,
  coinbase?: SandboxTransaction,
): ChainState {
  const tip = state.blocks.at(-1);
  const height = (tip?.height ?? -1) + 1;
  const coins = new Map(state.coins);
  const valid: SandboxTransaction[] = [];
  const spent: Coin[] = [];
  for (const transaction of contents) {
    if (typeof feeOf(transaction, coins, Mempool.EMPTY) === 'string') continue;
    valid.push(transaction);
    spent.push(...applyToCoins(coins, [transaction], height));
  }
  const first = coinbase ?? sandboxTransaction(buildCoinbase(height, maker.random(8), mintedOutputs(coins)).raw);
  applyToCoins(coins, [first], height);
  const transactions = [first, ...valid];
  const { hash, raw } = buildBlock({
    previous: tip?.hash ?? NO_BLOCK,
    timeS: maker.timeS(),
    transactions: transactions.map((transaction) => transaction.raw),
    nonce: Buffer.from(maker.random(4)).readUInt32LE(),
  });
  return {
    ...state,
    blocks: [...state.blocks, { height, hash, raw: ownBytes(raw), transactions, spent }],
    coins,
    mempool: withoutMined(state.mempool, valid),
  };
}

/** Removes the newest blocks and leaves the mempool unchanged. */
export function rollBack(state: ChainState, depth: number): ChainState {
  const coins = new Map(state.coins);
  for (const block of state.blocks.slice(-depth).reverse()) undoInCoins(coins, block);
  return { ...state, blocks: state.blocks.slice(0, -depth), coins };
}

/** Replaces the mempool: accepts the candidates in this order, unless their coins are missing or spent by an earlier one. */
export function withMempool(
  state: ChainState,
  candidates: Iterable<SandboxTransaction & { readonly held?: boolean }>,
): ChainState {
  const accepted = new Map<Txid, WaitingTransaction>();
  const spent = new Set<string>();
  let mempool = Mempool.EMPTY;
  for (const { txid, raw, spends, outputs, held = false } of candidates) {
    if (accepted.has(txid) || spends.some((outPoint) => spent.has(outPointKey(outPoint)))) continue;
    const needsParents = spends.some((outPoint) => accepted.has(outPoint.txid));
    if (needsParents) mempool = Mempool.of(accepted.values());
    const fee = feeOf({ txid, raw, spends, outputs }, state.coins, mempool);
    if (typeof fee === 'string') continue;
    accepted.set(txid, { txid, raw, spends, outputs, fee, held });
    for (const outPoint of spends) spent.add(outPointKey(outPoint));
  }
  return { ...state, mempool: Mempool.of(accepted.values()) };
}

/** Removes transactions from the mempool, with all their descendants, and remembers them. */
export function drop(state: ChainState, txids: Iterable<Txid>): ChainState {
  const leaving = state.mempool.withDescendants(txids);
  if (leaving.size === 0) return state;
  return {
    ...remember(
      state,
      [...state.mempool.all()].filter(({ txid }) => leaving.has(txid)),
    ),
    mempool: state.mempool.without(leaving),
  };
}

/** Remembers transactions that are in neither a block nor the mempool. */
export function remember(state: ChainState, transactions: readonly SandboxTransaction[]): ChainState {
  const all = [...state.dropped.values(), ...transactions].map(({ txid, raw, spends, outputs }) => ({
    txid,
    raw,
    spends,
    outputs,
  }));
  return { ...state, dropped: new Map(all.slice(-MAX_DROPPED).map((transaction) => [transaction.txid, transaction])) };
}

/** Removes the oldest blocks, and the change that is too old to be spent. */
export function prune(state: ChainState, keep: number): { state: ChainState; pruned: readonly SandboxBlock[] } {
  if (state.blocks.length <= keep) return { state, pruned: [] };
  const pruned = state.blocks.slice(0, -keep);
  const newest = pruned.at(-1)?.height ?? 0;
  const coins = new Map([...state.coins].filter(([, { minted, height }]) => minted || height > newest));
  return { state: { ...state, blocks: state.blocks.slice(-keep), coins }, pruned };
}

/** Returns how pruning changes the stored coins from before the first block. Change that old is not among them. */
export function prunedCoins(pruned: readonly SandboxBlock[]): Pick<Pruned, 'spentCoins' | 'newCoins'> {
  const coins = new Map<string, Coin>();
  const spentCoins: Coin[] = [];
  for (const { transactions, height, spent } of pruned) {
    spentCoins.push(...spent.filter(({ outPoint }) => !coins.has(outPointKey(outPoint))));
    applyToCoins(coins, transactions, height);
  }
  return {
    spentCoins: spentCoins.map(({ outPoint }) => outPoint),
    newCoins: [...coins.values()].filter(({ minted }) => minted),
  };
}

interface Pruned {
  readonly spentCoins: readonly Coin['outPoint'][];
  readonly newCoins: readonly Coin[];
}

function withoutMined(mempool: Mempool, mined: readonly SandboxTransaction[]): Mempool {
  if (mined.length === 0) return mempool;
  const ids = new Set(mined.map(({ txid }) => txid));
  const conflicting = mined.flatMap(({ spends }) =>
    spends.flatMap((outPoint) => {
      const spender = mempool.spenderOf(outPoint);
      return spender === undefined || ids.has(spender) ? [] : spender;
    }),
  );
  const left = mempool.without(ids);
  return left.without(left.withDescendants(conflicting));
}

/** How many blocks are kept at least, so that rolling back a block always finds the coins that it spent. */
export const MIN_RETAINED_BLOCKS: number = CHANGE_LASTS_BLOCKS + 500;
