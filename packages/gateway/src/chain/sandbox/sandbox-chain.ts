/**
 * A small chain of our own behind the same port as a Bitcoin node: blocks, a mempool with fees and replacement, double
 * spends, reorganisations, all in process. Its blocks and transactions have Bitcoin's own form, so the watcher, the rules
 * and the callbacks that run on it are the real ones. Its coins are worth nothing.
 */
import { randomBytes } from 'node:crypto';
import type { BlockHash, BlockRef, Network, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Sats } from '../../kernel/sats.ts';
import { BlockMissingError, type ChainSource } from '../source.ts';
import { branchOff, type Branch } from './branch-off.ts';
import { blockTemplate } from './block-template.ts';
import { changeToStore } from './change-to-store.ts';
import { drop, extend, LEAST_KEPT_BLOCKS, prune, replay, withMempool, type BlockMaker, type ChainState } from './chain-state.ts';
import { enterMempool, RefusedTransactionError } from './enter-mempool.ts';
import { feesOf } from './judge-transaction.ts';
import { Mempool } from './mempool.ts';
import type { NewOutput } from './serialize.ts';
import { inputsOf, payOutputs, spendInputs, sparedCoins } from './spend-coins.ts';
import type { SandboxSave, SandboxStore, TransactionPlace } from './store.ts';
import { sandboxTransaction, type SandboxTransaction } from './transaction.ts';

/** How many blocks the sandbox remembers. */
const KEPT_BLOCKS = Math.max(2000, LEAST_KEPT_BLOCKS);
/** How many of the newest blocks may be replaced: fewer than the gateway remembers, or it would not find its way back. */
const DEEPEST_REORGANISATION = 300;
/** A quarter of what a block of Bitcoin may have. */
const MOST_BLOCK_BYTES = 1_000_000;
/** In satoshi for a byte, where nothing else is asked for. */
const USUAL_FEE_RATE = 5n;

export interface SandboxChainOptions {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly network: Network;
  /** Makes blocks unlike all others. Default: the system's randomness. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** How a reorganisation goes. */
export interface Reorganisation extends Branch {
  /** How many of the newest blocks a branch replaces that is one block longer: at least 1, and never the first block. */
  readonly depth: number;
}

export interface Mining {
  /** How many blocks. Default 1. */
  readonly blocks?: number;
  /** Transactions that the first of them takes before all others, also when they were held. */
  readonly first?: readonly Txid[];
}

export class SandboxChain implements ChainSource {
  readonly name = 'sandbox';
  readonly network: Network;
  readonly deepestReorganisation: number = DEEPEST_REORGANISATION;
  readonly #store: SandboxStore;
  readonly #maker: BlockMaker;
  readonly #listeners = new Set<() => void>();
  #state: ChainState;
  /** Of the transaction that was stored last. */
  #position: number;
  /** Changes are made one after the other: each is stored before the next begins. */
  #lastChange: Promise<unknown> = Promise.resolve();

  private constructor(options: SandboxChainOptions, state: ChainState, position: number) {
    this.network = options.network;
    this.#store = options.store;
    this.#maker = { timeS: () => Math.floor(options.clock.now() / 1000), random: options.random ?? randomBytes };
    this.#state = state;
    this.#position = position;
  }

  /** Takes the chain up as it was stored, or begins one with a first block. */
  static async open(options: SandboxChainOptions): Promise<SandboxChain> {
    const { blocks, coins, transactions } = await options.store.load();
    const isDropped = (place: TransactionPlace): boolean => place === 'dropped';
    const read = transactions.map(({ raw, place }) => ({ ...sandboxTransaction(raw), place, held: place === 'held' }));
    const dropped = read.filter(({ place }) => isDropped(place));
    const state = withMempool(
      { ...replay(coins, blocks), mempool: Mempool.EMPTY, dropped: new Map(dropped.map((each) => [each.txid, each])) },
      read.filter(({ place }) => !isDropped(place)),
    );
    const chain = new SandboxChain(options, state, transactions.at(-1)?.position ?? 0);
    if (blocks.length === 0) await chain.mine();
    return chain;
  }

  /** Puts a payment to a script into the mempool. */
  pay(script: ScriptHex, amount: Sats): Promise<Txid> {
    return this.send([{ script, amount }]);
  }

  /**
   * Puts one transaction with these outputs into the mempool, paid by the sandbox's own wallet.
   *
   * @throws RefusedTransactionError when all its coins together are too little.
   */
  send(outputs: readonly NewOutput[], feeRateSatPerVb: bigint = USUAL_FEE_RATE): Promise<Txid> {
    return this.#change(async () => {
      const fund = (): SandboxTransaction | undefined => {
        const { coins, mempool, blocks, dropped } = this.#state;
        const tipHeight = blocks.at(-1)?.height ?? 0;
        return payOutputs(outputs, feeRateSatPerVb, { coins, mempool, tipHeight, spared: sparedCoins(dropped.values()) });
      };
      let transaction = fund();
      if (transaction === undefined) {
        // The next coinbase makes good what was spent of the coins that were minted before.
        await this.#mine({});
        transaction = fund();
      }
      if (transaction === undefined) throw new RefusedTransactionError('the sandbox has too few coins for it');
      await this.#commit(enterMempool(this.#state, transaction));
      return transaction.txid;
    });
  }

  /**
   * Takes a transaction that somebody else has made, or sends one again that was lost. Nothing changes when it is known.
   *
   * @throws RefusedTransactionError when it breaks the rules of the mempool.
   */
  broadcast(raw: Uint8Array): Promise<Txid> {
    return this.#change(async () => {
      const transaction = sandboxTransaction(raw);
      const { txid } = transaction;
      if (!this.#isMined(txid) && !this.#state.mempool.has(txid)) await this.#commit(enterMempool(this.#state, transaction));
      return txid;
    });
  }

  /**
   * Replaces a transaction of the mempool by one that spends the same coins for these outputs, and pays just enough more.
   *
   * @param outputs What it pays; with none, all goes back to who sent it.
   * @throws RefusedTransactionError when it does not wait, or has too little for these outputs.
   */
  replace(txid: Txid, outputs: readonly NewOutput[]): Promise<Txid> {
    return this.#change(async () => {
      const { coins, mempool } = this.#state;
      const old = mempool.get(txid);
      if (old === undefined) throw new RefusedTransactionError(`${txid} is not in the mempool`);
      const replacedFees = feesOf(mempool, mempool.withDescendants([txid]));
      const betterRate = old.fee / BigInt(old.raw.length) + 1n;
      const fee = (bytes: bigint): bigint => max(replacedFees + bytes, betterRate * bytes);
      const transaction = spendInputs(inputsOf(old, coins, mempool), outputs, fee);
      if (transaction === undefined) throw new RefusedTransactionError('what it spends is too little for these outputs');
      await this.#commit(enterMempool(this.#state, transaction));
      return transaction.txid;
    });
  }

  /** Drops transactions from the mempool with all that spends from them, as nodes do with those that pay too little. */
  evict(txids: readonly Txid[]): Promise<void> {
    return this.#change(() => this.#commit(drop(this.#state, txids)));
  }

  /** Sends transactions again that were dropped, as far as they are remembered and their coins still theirs. */
  resend(txids: readonly Txid[]): Promise<void> {
    return this.#change(async () => {
      let state = this.#state;
      for (const txid of txids) {
        const transaction = state.dropped.get(txid);
        if (transaction === undefined || state.mempool.has(txid)) continue;
        try {
          state = enterMempool(state, transaction);
        } catch (error) {
          if (!(error instanceof RefusedTransactionError)) throw error;
        }
      }
      await this.#commit(state);
    });
  }

  /** Mines blocks out of what waits in the mempool. */
  mine(how: Mining = {}): Promise<BlockRef> {
    return this.#change(() => this.#mine(how));
  }

  /**
   * Replaces the newest blocks by a longer branch, in one step: whoever watches sees the old chain or the new one.
   *
   * @throws RangeError when the depth is not at least 1, or more than there is to replace.
   */
  reorganize({ depth, ...branch }: Reorganisation): Promise<BlockRef> {
    return this.#change(async () => {
      const deepest = Math.min(DEEPEST_REORGANISATION, this.#state.blocks.length - 1);
      if (!Number.isInteger(depth) || depth < 1 || depth > deepest)
        throw new RangeError(`depth: expected 1 to ${deepest} blocks, got ${depth}`);
      await this.#commit(branchOff(this.#state, depth, branch, this.#maker));
      return this.tip();
    });
  }

  /**
   * Spends the coins of transactions otherwise, in blocks, so that these can never come back: in the place of the blocks that
   * have them, and otherwise in the next one. Transactions too deep for a reorganisation stay.
   *
   * @param which Transactions, or how they are found while the chain stands still.
   * @param store Stores what changes, with all else that is to be stored with it; told nothing when nothing changes.
   */
  doubleSpend(
    which: readonly Txid[] | (() => Promise<readonly Txid[]>),
    store: (change: SandboxSave | undefined) => Promise<void> = (change) => this.#save(change),
  ): Promise<void> {
    return this.#change(async () => {
      const txids = typeof which === 'function' ? await which() : which;
      const { mempool, dropped } = this.#state;
      const depth = this.#depthOf(txids);
      if (depth === 0 && !txids.some((txid) => mempool.has(txid) || dropped.has(txid))) await store(undefined);
      else await this.#commit(branchOff(this.#state, depth, { doubleSpent: txids, others: 'mined' }, this.#maker), store);
    });
  }

  /**
   * A reorganisation in which these fall out of their blocks, while all others are mined as before: into the mempool, where
   * miners pass them over until they are asked for, or out of the mempool as well, to be sent again.
   */
  displace(txids: readonly Txid[], into: 'held' | 'dropped'): Promise<void> {
    return this.#change(async () => {
      const depth = this.#depthOf(txids);
      const branch: Branch = into === 'held' ? { held: txids, others: 'mined' } : { without: txids, others: 'mined' };
      if (depth > 0) await this.#commit(branchOff(this.#state, depth, branch, this.#maker));
      else if (into === 'dropped') await this.#commit(drop(this.#state, txids));
    });
  }

  async check(): Promise<void> {}

  async tip(): Promise<BlockRef> {
    const tip = this.#state.blocks.at(-1);
    if (tip === undefined) throw new BlockMissingError('the sandbox chain has no block yet');
    return { height: tip.height, hash: tip.hash };
  }

  async blockAt(height: number): Promise<BlockRef | undefined> {
    const first = this.#state.blocks[0];
    const block = first === undefined ? undefined : this.#state.blocks[height - first.height];
    return block === undefined ? undefined : { height: block.height, hash: block.hash };
  }

  async block(hash: BlockHash): Promise<Uint8Array> {
    const block = this.#state.blocks.findLast((candidate) => candidate.hash === hash);
    if (block === undefined) throw new BlockMissingError(`the sandbox chain has no block ${hash}`);
    return block.raw;
  }

  async mempool(): Promise<ReadonlySet<Txid>> {
    return new Set([...this.#state.mempool.all()].map(({ txid }) => txid));
  }

  async mempoolTransactions(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, Uint8Array>> {
    const found = new Map<Txid, Uint8Array>();
    for (const txid of txids) {
      const raw = this.#state.mempool.get(txid)?.raw;
      if (raw !== undefined) found.set(txid, raw);
    }
    return found;
  }

  onChange(wake: () => void, signal: AbortSignal): void {
    this.#listeners.add(wake);
    signal.addEventListener('abort', () => this.#listeners.delete(wake), { once: true });
  }

  async #mine({ blocks = 1, first = [] }: Mining): Promise<BlockRef> {
    let state = this.#state;
    for (let block = 0; block < blocks; block += 1) {
      const contents = blockTemplate(state.mempool, { maxBytes: MOST_BLOCK_BYTES, first: block === 0 ? first : [] });
      state = extend(state, contents, this.#maker);
    }
    await this.#commit(state);
    return this.tip();
  }

  /** How many of the newest blocks go down to the first that has one of these and can be replaced; 0 when none has. */
  #depthOf(txids: readonly Txid[]): number {
    const wanted = new Set(txids);
    const reachable = this.#state.blocks.slice(1).slice(-DEEPEST_REORGANISATION);
    const first = reachable.findIndex(({ transactions }) => transactions.some(({ txid }) => wanted.has(txid)));
    return first === -1 ? 0 : reachable.length - first;
  }

  #isMined(wanted: Txid): boolean {
    return this.#state.blocks.some(({ transactions }) => transactions.some(({ txid }) => txid === wanted));
  }

  /** Stores first, and shows the change only then: what the watcher has seen is never lost by a crash. */
  async #commit(next: ChainState, store = (change: SandboxSave): Promise<void> => this.#save(change)): Promise<void> {
    if (next === this.#state) return;
    const { state, pruned } = prune(next, KEPT_BLOCKS);
    const { save, position } = changeToStore(this.#state, state, pruned, this.#position);
    await store(save);
    this.#state = state;
    this.#position = position;
    for (const wake of this.#listeners) wake();
  }

  async #save(change: SandboxSave | undefined): Promise<void> {
    if (change !== undefined) await this.#store.save(change);
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(work);
    this.#lastChange = result.catch(() => {});
    return result;
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
