/** The transactions waiting for a block, parents before children. Immutable: a change creates another mempool. */
import { outPointKey, type OutPoint, type Txid } from '../../kernel/chain.ts';
import type { Sats } from '../../kernel/sats.ts';
import type { SandboxTransaction } from './transaction.ts';

export interface WaitingTransaction extends SandboxTransaction {
  readonly fee: Sats;
  /** Whether miners skip it, with all its descendants, until it is requested by id. */
  readonly held: boolean;
}

export class Mempool {
  readonly #entries: ReadonlyMap<Txid, WaitingTransaction>;
  readonly #spenders: ReadonlyMap<string, Txid>;

  private constructor(entries: ReadonlyMap<Txid, WaitingTransaction>, spenders: ReadonlyMap<string, Txid>) {
    this.#entries = entries;
    this.#spenders = spenders;
  }

  static readonly EMPTY: Mempool = new Mempool(new Map(), new Map());

  get size(): number {
    return this.#entries.size;
  }

  has(txid: Txid): boolean {
    return this.#entries.has(txid);
  }

  get(txid: Txid): WaitingTransaction | undefined {
    return this.#entries.get(txid);
  }

  /** In order of arrival. */
  all(): Iterable<WaitingTransaction> {
    return this.#entries.values();
  }

  /** Returns the mempool transaction that spends an output. */
  spenderOf(outPoint: OutPoint): Txid | undefined {
    return this.#spenders.get(outPointKey(outPoint));
  }

  /** Returns those of the transactions that are in the mempool, and all their descendants. */
  withDescendants(txids: Iterable<Txid>): Set<Txid> {
    const found = new Set([...txids].filter((txid) => this.has(txid)));
    // A loop over a set also visits the elements added meanwhile.
    for (const txid of found) {
      for (const { vout } of this.#entries.get(txid)?.outputs ?? []) {
        const spender = this.spenderOf({ txid, vout });
        if (spender !== undefined) found.add(spender);
      }
    }
    return found;
  }

  /** Returns a transaction of the mempool and all its ancestors in it. */
  withAncestors(txid: Txid): Set<Txid> {
    const found = new Set([txid]);
    for (const each of found) {
      for (const { txid: parent } of this.#entries.get(each)?.spends ?? []) if (this.has(parent)) found.add(parent);
    }
    return found;
  }

  /** Returns a copy without some transactions, optionally with a new one at the end. */
  without(removed: ReadonlySet<Txid>, added?: WaitingTransaction): Mempool {
    const [entries, spenders] = [new Map(this.#entries), new Map(this.#spenders)];
    for (const txid of removed) {
      for (const outPoint of entries.get(txid)?.spends ?? []) spenders.delete(outPointKey(outPoint));
      entries.delete(txid);
    }
    if (added !== undefined) {
      entries.set(added.txid, added);
      for (const outPoint of added.spends) spenders.set(outPointKey(outPoint), added.txid);
    }
    return new Mempool(entries, spenders);
  }

  /** Creates a mempool of exactly these transactions, parents first. */
  static of(transactions: Iterable<WaitingTransaction>): Mempool {
    const [entries, spenders] = [new Map<Txid, WaitingTransaction>(), new Map<string, Txid>()];
    for (const transaction of transactions) {
      entries.set(transaction.txid, transaction);
      for (const outPoint of transaction.spends) spenders.set(outPointKey(outPoint), transaction.txid);
    }
    return new Mempool(entries, spenders);
  }
}
