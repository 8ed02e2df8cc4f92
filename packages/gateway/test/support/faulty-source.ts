import {
  mempoolOf,
  SourceUnavailableError,
  type ChainSource,
  type MempoolIds,
  type SubmitOutcome,
} from '../../src/chain/source.ts';
import type { SandboxChain } from '../../src/chain/sandbox/sandbox-chain.ts';
import type { SourceConcern } from '../../src/chain/source-concern.ts';
import { parseTransaction } from '../../src/chain/view/transaction.ts';
import type { BlockHash, BlockRef, Network, OutPoint, Txid } from '../../src/kernel/chain.ts';

/** A sandbox chain as a source that can be down, and can evict transactions as a node does. It never wakes the watcher. */
export class FaultySource implements ChainSource {
  readonly name: string = 'sandbox';
  readonly network: Network = 'regtest';
  isDown = false;
  /** Whether it answers like a node, which cannot tell what happened to a transaction that it does not have. */
  isLikeNode = false;
  /** Mempool transactions that it has evicted, until they are sent again. */
  readonly evicted: Set<Txid> = new Set();
  readonly #chain: () => SandboxChain;
  /** All blocks that were ever requested, because a node also keeps blocks that were rolled back. */
  readonly #blocks = new Map<BlockHash, Uint8Array>();

  /** @param chain Returns the current chain, which another one replaces after a restart. */
  constructor(chain: () => SandboxChain) {
    this.#chain = chain;
  }

  async check(): Promise<readonly SourceConcern[]> {
    return this.#reached().check();
  }

  async tip(): Promise<BlockRef> {
    return this.#reached().tip();
  }

  async blockAt(height: number): Promise<BlockRef | undefined> {
    return this.#reached().blockAt(height);
  }

  async block(hash: BlockHash): Promise<Uint8Array> {
    const chain = this.#reached();
    const block = this.#blocks.get(hash) ?? (await chain.block(hash));
    this.#blocks.set(hash, block);
    return block;
  }

  async mempool(): Promise<MempoolIds> {
    const ids = new Set([...(await this.#reached().mempool())].filter((txid) => !this.evicted.has(txid)));
    const otherwise = this.isLikeNode ? 'unknown' : 'gone';
    const mempool = mempoolOf(ids, otherwise);
    return Object.assign(mempool, {
      placeOf: (txid: Txid) => (this.evicted.has(txid) ? 'unknown' : ids.has(txid) ? 'waiting' : otherwise),
    } as const);
  }

  async mempoolTransactions(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, Uint8Array>> {
    return this.#reached().mempoolTransactions(txids.filter((txid) => !this.evicted.has(txid)));
  }

  async spendersOf(outPoints: readonly OutPoint[]): Promise<ReadonlyMap<string, Txid>> {
    const spenders = await this.#reached().spendersOf(outPoints);
    return new Map([...spenders].filter(([, by]) => !this.evicted.has(by)));
  }

  async submit(raw: Uint8Array): Promise<SubmitOutcome> {
    const outcome = await this.#reached().submit(raw);
    if (outcome.kind === 'taken') this.evicted.delete(parseTransaction(raw).txid);
    return outcome;
  }

  onChange(): void {}

  #reached(): SandboxChain {
    if (this.isDown) throw new SourceUnavailableError('the source is down');
    return this.#chain();
  }
}
