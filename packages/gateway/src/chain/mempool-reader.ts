/**
 * Reads a source's mempool: the payments to us in new transactions, with their unconfirmed ancestors, and for payments that are
 * no longer in it, the transactions that spend the same outputs.
 *
 * Each transaction is examined once. The scripts that its outputs pay are remembered until it has left the mempool, so scripts
 * that are watched later can be looked up, and a transaction that may pay one of them is examined again by the next reading.
 * Nothing is discarded before the first reading without the transaction is stored: until then every examined transaction can be
 * found, here or in the blocks that were read (`block-reader.ts`).
 */
import type { BlockRef, OutPoint, ScriptHex, Txid } from '../kernel/chain.ts';
import { enterStep, stepOf } from '../kernel/thread/steps.ts';
import type { MempoolView } from './chain-change.ts';
import { ScannedOutputs } from './scanned-outputs.ts';
import type { ChainSource, MempoolIds } from './source.ts';
import { unconfirmedAncestors } from './unconfirmed-ancestors.ts';
import { findPaymentsInTransaction } from './view/find-payments.ts';
import type { Match } from './view/match.ts';
import type { ScriptSet } from './view/script-set.ts';

const SCAN = stepOf('scan mempool');

/** What is stored about payments that are in no block. */
export interface UnconfirmedPayments {
  /** The transactions of payments that are in no block, or will be in none once these blocks are rolled back. */
  unconfirmed(undo: readonly BlockRef[]): Promise<readonly Txid[]>;
  /** The outputs that these and their unconfirmed ancestors spend. */
  inputsOf(txids: readonly Txid[]): Promise<readonly OutPoint[]>;
}

export interface MempoolReaderOptions {
  readonly source: ChainSource;
  readonly payments: UnconfirmedPayments;
  readonly scripts: ScriptSet;
  /** A secret 32-bit seed. */
  readonly seed: number;
}

export class MempoolReader {
  readonly #options: MempoolReaderOptions;
  /** The outputs of the examined transactions. */
  readonly #outputs: ScannedOutputs<Txid>;
  /** The last reading that is stored. */
  #stored: MempoolIds | undefined;
  /** Transactions that the next reading examines again. */
  readonly #again = new Set<Txid>();
  /** Transactions that a reading examined, or was to examine again, and that are not stored yet. */
  readonly #unstored = new Set<Txid>();

  constructor(options: MempoolReaderOptions) {
    this.#options = options;
    this.#outputs = new ScannedOutputs(options.seed);
  }

  /** How many transactions have been examined, of those in the mempool at the last reading. */
  get size(): number {
    return this.#outputs.size;
  }

  /**
   * Looks up newly watched scripts in the transactions examined before.
   *
   * @returns the scripts that a transaction may pay; the next reading examines those transactions again.
   */
  lookUp(scripts: readonly ScriptHex[]): Iterable<ScriptHex> {
    const found = this.#outputs.find(scripts);
    for (const txids of found.values()) for (const txid of txids) this.#again.add(txid);
    return found.keys();
  }

  /** Marks a reading as stored; its transactions need not be examined again. */
  stored(reading: MempoolIds): void {
    const changes = this.#stored && reading.changesSince?.(this.#stored);
    if (changes === undefined) this.#outputs.retain(reading);
    else for (const txid of changes.removed) if (reading.placeOf(txid) !== 'waiting') this.#outputs.forget(txid);
    this.#unstored.clear();
    this.#stored = reading;
  }

  /** Makes the next reading examine everything again. */
  forget(): void {
    for (const txid of this.#outputs.ids()) this.#unstored.add(txid);
    this.#stored = undefined;
  }

  /** @param undo Blocks whose payments return to the mempool, or should. */
  async read(undo: readonly BlockRef[], signal: AbortSignal): Promise<{ view: MempoolView; reading: MempoolIds }> {
    const { source } = this.#options;
    const present = await source.mempool(signal);
    for (const txid of this.#again) this.#unstored.add(txid);
    this.#again.clear();
    const fresh = this.#toLookAt(present);
    const matches: Match[] = [];
    for (let start = 0; start < fresh.length; start += MEMPOOL_BATCH) {
      const raw = await source.mempoolTransactions(fresh.slice(start, start + MEMPOOL_BATCH), signal);
      enterStep(SCAN);
      for (const [txid, bytes] of raw) matches.push(...this.#lookAt(txid, bytes));
    }
    const ancestors = new Map<Txid, readonly Uint8Array[]>();
    for (const { outPoint, raw } of matches) {
      if (ancestors.has(outPoint.txid)) continue;
      const found = await unconfirmedAncestors(raw, present, source, signal);
      if (found.length > 0) ancestors.set(outPoint.txid, found);
    }
    const spenders = await this.#spenders(present, undo, signal);
    return {
      view: { placeOf: (txid) => present.placeOf(txid), matches, ancestors, spenders },
      reading: present,
    };
  }

  #lookAt(txid: Txid, bytes: Uint8Array): readonly Match[] {
    this.#unstored.add(txid);
    return this.#outputs.record(txid, this.#options.scripts, (scripts) => findPaymentsInTransaction(bytes, scripts));
  }

  #toLookAt(present: MempoolIds): readonly Txid[] {
    const changes = this.#stored && present.changesSince?.(this.#stored);
    if (changes === undefined) return [...present].filter((txid) => !this.#outputs.has(txid) || this.#unstored.has(txid));
    // A transaction that left and came back may count as missing, so it is examined again.
    const unstored = [...this.#unstored].filter((txid) => present.placeOf(txid) === 'waiting');
    return [...new Set([...changes.added, ...unstored])];
  }

  /** Finds the mempool transactions that spend the inputs of payments missing from the mempool. */
  async #spenders(present: MempoolIds, undo: readonly BlockRef[], signal: AbortSignal): Promise<ReadonlyMap<string, Txid>> {
    const { source, payments } = this.#options;
    const absent = (await payments.unconfirmed(undo)).filter((txid) => present.placeOf(txid) !== 'waiting');
    const spenders = new Map<string, Txid>();
    for (let start = 0; start < absent.length; start += ABSENT_BATCH) {
      const inputs = await payments.inputsOf(absent.slice(start, start + ABSENT_BATCH));
      if (inputs.length === 0) continue;
      for (const [outPoint, by] of await source.spendersOf(inputs, signal)) spenders.set(outPoint, by);
    }
    return spenders;
  }
}

/** How many mempool transactions are fetched at a time. */
const MEMPOOL_BATCH = 500;
/** How many absent payments are looked up at a time. */
const ABSENT_BATCH = 100;
