/**
 * A small chain of our own behind the same port as a Bitcoin node: blocks, a mempool, reorganisations, all in process.
 * Its blocks and transactions have Bitcoin's own form, so the watcher, the rules and the callbacks that run on it are the
 * real ones. Its coins are worth nothing, and anyone may spend them.
 */
import { randomBytes } from 'node:crypto';
import type { BlockHash, BlockRef, Network, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Sats } from '../../kernel/sats.ts';
import { BlockMissingError, type ChainSource } from '../source.ts';
import { parseTransaction } from '../view/transaction.ts';
import { blockTransactions } from './block-transactions.ts';
import { buildBlock, buildCoinbase, buildTransaction, type NewOutput, type RawTransaction } from './serialize.ts';
import type { SandboxSave, SandboxStore, StoredSandboxBlock } from './store.ts';

/** How many blocks the sandbox remembers. */
const KEPT_BLOCKS = 2000;
const NO_BLOCK = '00'.repeat(32) as BlockHash;

export interface SandboxChainOptions {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly network: Network;
  /** Makes coins and blocks unlike all others. Default: the system's randomness. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** How a reorganisation goes. */
export interface Reorganisation {
  /** How many of the newest blocks a branch replaces that is one block longer: at least 1, and never the first block. */
  readonly depth: number;
  /** Transactions that the new branch rules out, as if it had spent their coins otherwise: they leave the mempool, too. */
  readonly without?: readonly Txid[];
  /** Whether the other transactions are mined in the new branch, each as high as before, or wait in the mempool again. */
  readonly others: 'mined' | 'waiting';
}

export class SandboxChain implements ChainSource {
  readonly name = 'sandbox';
  readonly network: Network;
  readonly #store: SandboxStore;
  readonly #clock: Clock;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #listeners = new Set<() => void>();
  #blocks: StoredSandboxBlock[];
  #mempool: Map<Txid, Uint8Array>;
  /** Changes are made one after the other: each is stored before the next begins. */
  #lastChange: Promise<unknown> = Promise.resolve();

  private constructor(options: SandboxChainOptions, blocks: readonly StoredSandboxBlock[], mempool: Map<Txid, Uint8Array>) {
    this.network = options.network;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#random = options.random ?? randomBytes;
    this.#blocks = [...blocks];
    this.#mempool = mempool;
  }

  /** Takes the chain up as it was stored, or begins one with a first block. */
  static async open(options: SandboxChainOptions): Promise<SandboxChain> {
    const { blocks, mempool } = await options.store.load();
    const chain = new SandboxChain(options, blocks, new Map(mempool.map(({ txid, raw }) => [txid, raw])));
    if (blocks.length === 0) await chain.mine();
    return chain;
  }

  /** Puts a payment to a script into the mempool. */
  pay(script: ScriptHex, amount: Sats): Promise<Txid> {
    return this.send([{ script, amount }]);
  }

  /** Puts one transaction with these outputs into the mempool. */
  send(outputs: readonly NewOutput[]): Promise<Txid> {
    return this.#change(async () => {
      const coin = { txid: Buffer.from(this.#random(32)).toString('hex') as Txid, vout: 0 };
      const transaction = buildTransaction([coin], outputs);
      await this.#commit(this.#blocks, new Map(this.#mempool).set(transaction.txid, transaction.raw), {});
      return transaction.txid;
    });
  }

  /** Takes a transaction that somebody else has made, or sends one again that was lost. Nothing changes when it is known. */
  broadcast(raw: Uint8Array): Promise<Txid> {
    return this.#change(async () => {
      const { txid } = parseTransaction(raw);
      const isMined = this.#blocks.some((block) => blockTransactions(block.raw).some((mined) => mined.txid === txid));
      if (!isMined && !this.#mempool.has(txid)) await this.#commit(this.#blocks, new Map(this.#mempool).set(txid, raw), {});
      return txid;
    });
  }

  /** Drops transactions from the mempool, as a node does with those that were replaced or paid too little. */
  evict(txids: readonly Txid[]): Promise<void> {
    return this.#change(() => this.#commit(this.#blocks, without(this.#mempool, txids), {}));
  }

  /** Mines the whole mempool into a block. */
  mine(): Promise<BlockRef> {
    return this.#change(() => this.#extend(this.#blocks, [listed(this.#mempool)], new Map()));
  }

  /**
   * Replaces the newest blocks by a longer branch, in one step: whoever watches sees the old chain or the new one.
   *
   * @throws RangeError when the depth is not at least 1, or leaves no block to build on.
   */
  reorganize({ depth, without: ruledOut = [], others }: Reorganisation): Promise<BlockRef> {
    return this.#change(() => {
      const base = this.#blocks.slice(0, -depth);
      if (!Number.isInteger(depth) || depth < 1 || base.length === 0)
        throw new RangeError(`depth: expected 1 to ${this.#blocks.length - 1} blocks, got ${depth}`);
      const branch = this.#blocks
        .slice(-depth)
        .map((block) => blockTransactions(block.raw).filter(({ txid }) => !ruledOut.includes(txid)));
      const waiting = without(this.#mempool, ruledOut);
      if (others === 'mined') return this.#extend(base, [...branch, []], waiting);
      const mempool = new Map([...branch.flat(), ...listed(waiting)].map(({ txid, raw }) => [txid, raw]));
      return this.#extend(base, [...branch.map(() => []), []], mempool);
    });
  }

  async check(): Promise<void> {}

  async tip(): Promise<BlockRef> {
    const { height, hash } = this.#tip(this.#blocks) as StoredSandboxBlock;
    return { height, hash };
  }

  async blockAt(height: number): Promise<BlockRef | undefined> {
    const first = this.#blocks[0];
    const block = first === undefined ? undefined : this.#blocks[height - first.height];
    return block === undefined ? undefined : { height: block.height, hash: block.hash };
  }

  async block(hash: BlockHash): Promise<Uint8Array> {
    const block = this.#blocks.find((candidate) => candidate.hash === hash);
    if (block === undefined) throw new BlockMissingError(`the sandbox chain has no block ${hash}`);
    return block.raw;
  }

  async mempool(): Promise<ReadonlySet<Txid>> {
    return new Set(this.#mempool.keys());
  }

  async mempoolTransactions(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, Uint8Array>> {
    const found = new Map<Txid, Uint8Array>();
    for (const txid of txids) {
      const raw = this.#mempool.get(txid);
      if (raw !== undefined) found.set(txid, raw);
    }
    return found;
  }

  onChange(wake: () => void, signal: AbortSignal): void {
    this.#listeners.add(wake);
    signal.addEventListener('abort', () => this.#listeners.delete(wake), { once: true });
  }

  /** Stores a chain that grows from `base` by blocks with these transactions, and the mempool beside it. */
  async #extend(
    base: readonly StoredSandboxBlock[],
    contents: readonly (readonly RawTransaction[])[],
    mempool: Map<Txid, Uint8Array>,
  ): Promise<BlockRef> {
    const added: StoredSandboxBlock[] = [];
    for (const transactions of contents) added.push(this.#buildNext([...base, ...added], transactions));
    const blocks = [...base, ...added];
    const { height, hash } = this.#tip(blocks) as StoredSandboxBlock;
    const pruneBelow = height - KEPT_BLOCKS + 1;
    const undoFrom = (this.#tip(base)?.height ?? -1) + 1;
    await this.#commit(
      blocks.filter((block) => block.height >= pruneBelow),
      mempool,
      { undoFrom, pruneBelow, added },
    );
    return { height, hash };
  }

  #buildNext(blocks: readonly StoredSandboxBlock[], transactions: readonly RawTransaction[]): StoredSandboxBlock {
    const tip = this.#tip(blocks);
    const height = (tip?.height ?? -1) + 1;
    const coinbase = buildCoinbase(height, this.#random(8));
    const { hash, raw } = buildBlock({
      previous: tip?.hash ?? NO_BLOCK,
      timeS: Math.floor(this.#clock.now() / 1000),
      transactions: [coinbase.raw, ...transactions.map((transaction) => transaction.raw)],
    });
    return { height, hash, raw };
  }

  #tip(blocks: readonly StoredSandboxBlock[]): StoredSandboxBlock | undefined {
    return blocks.at(-1);
  }

  /** Stores first, and shows the change only then: what the watcher has seen is never lost by a crash. */
  async #commit(
    blocks: readonly StoredSandboxBlock[],
    mempool: Map<Txid, Uint8Array>,
    { added = [], ...save }: Omit<SandboxSave, 'blocks' | 'mempool'> & { added?: readonly StoredSandboxBlock[] },
  ): Promise<void> {
    await this.#store.save({ ...save, blocks: added, mempool: [...mempool].map(([txid, raw]) => ({ txid, raw })) });
    this.#blocks = [...blocks];
    this.#mempool = mempool;
    for (const wake of this.#listeners) wake();
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(work);
    this.#lastChange = result.catch(() => {});
    return result;
  }
}

function listed(mempool: ReadonlyMap<Txid, Uint8Array>): RawTransaction[] {
  return [...mempool].map(([txid, raw]) => ({ txid, raw }));
}

function without(mempool: ReadonlyMap<Txid, Uint8Array>, txids: readonly Txid[]): Map<Txid, Uint8Array> {
  return new Map([...mempool].filter(([txid]) => !txids.includes(txid)));
}
