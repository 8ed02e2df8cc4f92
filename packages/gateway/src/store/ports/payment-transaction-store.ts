import type { OutPoint, Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';

/**
 * The transactions of payments that are not buried yet, to rebroadcast them, and to tell a replaced transaction from one that the node
 * has evicted. Each is stored with its family: the transaction and its unconfirmed ancestors.
 */
export interface PaymentTransactionStore {
  /** Stores families. A family that is stored already is replaced only by a larger one. Call it in a transaction. */
  save(families: readonly PaymentFamily[], now: EpochMs): Promise<void>;
  /** Returns the families of payments' transactions, as far as they are stored. */
  families(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, PaymentFamily>>;
  /** Returns the outputs that the families spend, without reading the raw transactions. */
  spends(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, FamilySpends>>;
  /** Returns the payments' transactions whose families spend one of these outputs. */
  spending(outPoints: readonly OutPoint[]): Promise<{ readonly txid: Txid; readonly outPoint: OutPoint }[]>;
  /** Iterates over all outputs that families spend. */
  outPoints(): AsyncIterable<OutPoint>;
  /** Returns one page of the payments' transactions, sorted by id. */
  list(after: Txid | undefined, limit: number): Promise<{ readonly txid: Txid; readonly savedAt: EpochMs }[]>;
  /** Deletes families. Call it in a transaction. */
  delete(txids: readonly Txid[]): Promise<void>;
}

export interface PaymentFamily {
  /** The payment's transaction. */
  readonly txid: Txid;
  /** Parents before children, the payment's own transaction last. */
  readonly members: readonly FamilyMember[];
}

export interface FamilyMember {
  readonly txid: Txid;
  /** In consensus serialisation. */
  readonly raw: Uint8Array;
  readonly spends: readonly OutPoint[];
}

export interface FamilySpends {
  readonly members: ReadonlySet<Txid>;
  readonly outPoints: readonly OutPoint[];
}
