/**
 * A small in-process chain behind the same port as a Bitcoin node: blocks, a mempool with fees and replacement, double spends,
 * and reorganisations. Its blocks and transactions have Bitcoin's own format, so the watcher, rules and callbacks that run on it
 * are the real ones. Its coins are worthless.
 */
import { randomBytes } from 'node:crypto';
import {
  outPointKey,
  type BlockHash,
  type BlockRef,
  type Network,
  type OutPoint,
  type ScriptHex,
  type Txid,
} from '../../kernel/chain.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Sats } from '../../kernel/sats.ts';
import { BlockMissingError, mempoolOf, type ChainSource, type MempoolIds, type SubmitOutcome } from '../source.ts';
import type { SourceConcern } from '../source-concern.ts';
import { branchOff, type Branch } from './branch-off.ts';
import { blockTemplate } from './block-template.ts';
import { drop, extend, type BlockMaker, type ChainState } from './chain-state.ts';
import { enterMempool, RefusedTransactionError } from './enter-mempool.ts';
import type { NewOutput } from './serialize.ts';
import type { SandboxSave, SandboxStore } from './store.ts';
import { StoredState } from './stored-state.ts';
import { sandboxTransaction } from './transaction.ts';
import { createPayment, createReplacement } from './wallet-transactions.ts';

/** How many of the newest blocks may be replaced: fewer than the gateway stores, which could not follow otherwise. */
const MAX_REORGANISATION_DEPTH = 300;
/** A quarter of Bitcoin's limit. */
const MAX_BLOCK_BYTES = 1_000_000;
/** In satoshi per byte. */
const DEFAULT_FEE_RATE = 5n;

export interface SandboxChainOptions {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly network: Network;
  /** Randomness that makes blocks unique. Default: the system's. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** A reorganisation to perform. */
export interface Reorganisation extends Branch {
  /** How many of the newest blocks to replace by a branch that is one block longer: at least 1, and never the first block. */
  readonly depth: number;
}

export interface Mining {
  /** How many blocks. Default 1. */
  readonly blocks?: number;
  /** Transactions that the first of these blocks includes before all others, even when held. */
  readonly first?: readonly Txid[];
}

export class SandboxChain implements ChainSource {
  readonly name = 'sandbox';
  readonly network: Network;
  readonly maxReorganisationDepth: number = MAX_REORGANISATION_DEPTH;
  readonly #maker: BlockMaker;
  readonly #stored: StoredState;

  private constructor({ network, clock, random = randomBytes }: SandboxChainOptions, stored: StoredState) {
    this.network = network;
    this.#maker = { timeS: () => Math.floor(clock.now() / 1000), random };
    this.#stored = stored;
  }

  /** Restores the stored chain, or starts a new one with a first block. */
  static async open(options: SandboxChainOptions): Promise<SandboxChain> {
    const chain = new SandboxChain(options, await StoredState.load(options.store));
    if (chain.#state.blocks.length === 0) await chain.mine();
    return chain;
  }

  get #state(): ChainState {
    return this.#stored.current;
  }

  /** Adds a payment to a script to the mempool. */
  pay(script: ScriptHex, amount: Sats): Promise<Txid> {
    return this.send([{ script, amount }]);
  }

  /**
   * Adds one transaction with these outputs to the mempool, paid by the sandbox's own wallet.
   *
   * @throws RefusedTransactionError when the wallet's coins do not suffice.
   */
  send(outputs: readonly NewOutput[], feeRateSatPerVb: bigint = DEFAULT_FEE_RATE): Promise<Txid> {
    return this.#change(async () => {
      let transaction = createPayment(this.#state, outputs, feeRateSatPerVb);
      if (transaction === undefined) {
        // The next coinbase replenishes the minted coins.
        await this.#mine({});
        transaction = createPayment(this.#state, outputs, feeRateSatPerVb);
      }
      if (transaction === undefined) throw new RefusedTransactionError('the sandbox does not have enough coins for it');
      await this.#commit(enterMempool(this.#state, transaction));
      return transaction.txid;
    });
  }

  /**
   * Accepts a transaction made elsewhere, or sends a dropped one again. A known transaction changes nothing.
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
   * Replaces a mempool transaction by one that spends the same coins for these outputs and pays just enough more.
   *
   * @param outputs The new outputs; with none, everything returns to the sender.
   * @throws RefusedTransactionError when the transaction is not in the mempool, or its coins do not suffice for these outputs.
   */
  replace(txid: Txid, outputs: readonly NewOutput[]): Promise<Txid> {
    return this.#change(async () => {
      const transaction = createReplacement(this.#state, txid, outputs);
      await this.#commit(enterMempool(this.#state, transaction));
      return transaction.txid;
    });
  }

  /** Evicts transactions from the mempool with all their descendants, as nodes do when fees are too low. */
  evict(txids: readonly Txid[]): Promise<void> {
    return this.#change(() => this.#commit(drop(this.#state, txids)));
  }

  /** Sends dropped transactions again, as far as they are remembered and their coins unspent. */
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

  /** Mines blocks from the mempool. */
  mine(how: Mining = {}): Promise<BlockRef> {
    return this.#change(() => this.#mine(how));
  }

  /**
   * Replaces the newest blocks by a longer branch in one step: observers see either the old chain or the new one.
   *
   * @throws RangeError when the depth is less than 1, or more than can be replaced.
   */
  reorganize({ depth, ...branch }: Reorganisation): Promise<BlockRef> {
    return this.#change(async () => {
      const deepest = Math.min(MAX_REORGANISATION_DEPTH, this.#state.blocks.length - 1);
      if (!Number.isInteger(depth) || depth < 1 || depth > deepest)
        throw new RangeError(`depth: expected 1 to ${deepest} blocks, got ${depth}`);
      await this.#commit(branchOff(this.#state, depth, branch, this.#maker));
      return this.tip();
    });
  }

  /**
   * Spends the coins of transactions elsewhere, in blocks, so that the transactions can never come back. The blocks that contain
   * them are replaced; the coins of others are spent in the next block. Transactions buried too deep for a reorganisation stay.
   *
   * @param which The transactions, or a function that finds them while the chain is locked.
   * @param store Stores the change, together with other changes of the caller; called with undefined when nothing changes.
   */
  doubleSpend(
    which: readonly Txid[] | (() => Promise<readonly Txid[]>),
    store: (change: SandboxSave | undefined) => Promise<void> = (change) => this.#stored.save(change),
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
   * Performs a reorganisation that removes these transactions from their blocks and mines all others as before. They go to the
   * mempool, where miners skip them until they are requested, or leave the mempool as well and may be sent again.
   */
  displace(txids: readonly Txid[], into: 'held' | 'dropped'): Promise<void> {
    return this.#change(async () => {
      const depth = this.#depthOf(txids);
      const branch: Branch = into === 'held' ? { held: txids, others: 'mined' } : { without: txids, others: 'mined' };
      if (depth > 0) await this.#commit(branchOff(this.#state, depth, branch, this.#maker));
      else if (into === 'dropped') await this.#commit(drop(this.#state, txids));
    });
  }

  /** The sandbox's own chain is always the expected one, and hides nothing. */
  async check(): Promise<readonly SourceConcern[]> {
    return [];
  }

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

  /** There is no other node: what is not in this mempool is in no mempool. */
  async mempool(): Promise<MempoolIds> {
    return mempoolOf(new Set([...this.#state.mempool.all()].map(({ txid }) => txid)), 'gone');
  }

  async mempoolTransactions(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, Uint8Array>> {
    const found = new Map<Txid, Uint8Array>();
    for (const txid of txids) {
      const raw = this.#state.mempool.get(txid)?.raw;
      if (raw !== undefined) found.set(txid, raw);
    }
    return found;
  }

  async spendersOf(outPoints: readonly OutPoint[]): Promise<ReadonlyMap<string, Txid>> {
    const found = new Map<string, Txid>();
    for (const outPoint of outPoints) {
      const spender = this.#state.mempool.spenderOf(outPoint);
      if (spender !== undefined) found.set(outPointKey(outPoint), spender);
    }
    return found;
  }

  async submit(raw: Uint8Array): Promise<SubmitOutcome> {
    try {
      await this.broadcast(raw);
      return { kind: 'taken' };
    } catch (error) {
      if (error instanceof RefusedTransactionError) return { kind: 'refused', reason: error.message };
      throw error;
    }
  }

  onChange(wake: () => void, signal: AbortSignal): void {
    this.#stored.onCommit(wake, signal);
  }

  async #mine({ blocks = 1, first = [] }: Mining): Promise<BlockRef> {
    let state = this.#state;
    for (let block = 0; block < blocks; block += 1) {
      const contents = blockTemplate(state.mempool, { maxBytes: MAX_BLOCK_BYTES, first: block === 0 ? first : [] });
      state = extend(state, contents, this.#maker);
    }
    await this.#commit(state);
    return this.tip();
  }

  /** How many of the newest blocks must be replaced to reach the first that contains one of these; 0 when none does. */
  #depthOf(txids: readonly Txid[]): number {
    const wanted = new Set(txids);
    const reachable = this.#state.blocks.slice(1).slice(-MAX_REORGANISATION_DEPTH);
    const first = reachable.findIndex(({ transactions }) => transactions.some(({ txid }) => wanted.has(txid)));
    return first === -1 ? 0 : reachable.length - first;
  }

  #isMined(wanted: Txid): boolean {
    return this.#state.blocks.some(({ transactions }) => transactions.some(({ txid }) => txid === wanted));
  }

  #commit(next: ChainState, save?: (change: SandboxSave) => Promise<void>): Promise<void> {
    return this.#stored.commit(next, save);
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    return this.#stored.change(work);
  }
}
