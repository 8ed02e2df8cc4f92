import type { OutPoint, Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';

/**
 * The transactions of payments that may still be lost, so that they can be sent again and a conflict be told from a node that has
 * forgotten them: each with its family, which is itself and its unconfirmed ancestors.
 */
export interface PaymentTransactionStore {
  /** Keeps families. One that is kept already stays, unless this one is larger. In a transaction. */
  keep(families: readonly PaymentFamily[], now: EpochMs): Promise<void>;
  /** The families of these payments' transactions, as far as they are kept. */
  families(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, PaymentFamily>>;
  /** The families, without their bytes. */
  spends(txids: readonly Txid[]): Promise<ReadonlyMap<Txid, FamilySpends>>;
  /** The payments' transactions whose families spend one of these outputs. */
  spending(outPoints: readonly OutPoint[]): Promise<{ readonly txid: Txid; readonly outPoint: OutPoint }[]>;
  /** Every output that a family spends. */
  outPoints(): AsyncIterable<OutPoint>;
  /** Payments' transactions that are kept, in the order of their ids, from after one on. */
  kept(after: Txid | undefined, limit: number): Promise<{ readonly txid: Txid; readonly keptAt: EpochMs }[]>;
  /** Forgets families. In a transaction. */
  forget(txids: readonly Txid[]): Promise<void>;
}

export interface PaymentFamily {
  /** Of the payment. */
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
