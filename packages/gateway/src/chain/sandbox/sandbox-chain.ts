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
import { buildBlock, buildCoinbase, buildTransaction, type RawTransaction } from './serialize.ts';
import type { SandboxSave, SandboxStore, StoredSandboxBlock } from './store.ts';

/** How many blocks the sandbox remembers. */
const KEPT_BLOCKS = 2000;
const NO_BLOCK = '00'.repeat(32) as BlockHash;

export interface SandboxChainOptions {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly network: Network;
}

export class SandboxChain implements ChainSource {
  readonly name = 'sandbox';
  readonly network: Network;
  readonly #store: SandboxStore;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #blocks: StoredSandboxBlock[];
  #mempool: Map<Txid, Uint8Array>;
  /** Changes are made one after the other: each is stored before the next begins. */
  #lastChange: Promise<unknown> = Promise.resolve();

  private constructor(options: SandboxChainOptions, blocks: readonly StoredSandboxBlock[], mempool: Map<Txid, Uint8Array>) {
    this.network = options.network;
    this.#store = options.store;
    this.#clock = options.clock;
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
    return this.#change(async () => {
      const coin = { txid: randomBytes(32).toString('hex') as Txid, vout: 0 };
      const transaction = buildTransaction([coin], [{ script, amount }]);
      const mempool = new Map(this.#mempool).set(transaction.txid, transaction.raw);
      await this.#commit(this.#blocks, mempool, {});
      return transaction.txid;
    });
  }

  /** Mines the whole mempool into a block. */
  mine(): Promise<BlockRef> {
    return this.#change(async () => {
      const block = this.#buildNext(
        this.#blocks,
        [...this.#mempool].map(([txid, raw]) => ({ txid, raw })),
      );
      const blocks = [...this.#blocks, block];
      const pruneBelow = block.height - KEPT_BLOCKS + 1;
      await this.#commit(
        blocks.filter(({ height }) => height >= pruneBelow),
        new Map(),
        { pruneBelow, added: [block] },
      );
      return { height: block.height, hash: block.hash };
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

  #buildNext(blocks: readonly StoredSandboxBlock[], transactions: readonly RawTransaction[]): StoredSandboxBlock {
    const tip = this.#tip(blocks);
    const height = (tip?.height ?? -1) + 1;
    const coinbase = buildCoinbase(height, randomBytes(8));
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
