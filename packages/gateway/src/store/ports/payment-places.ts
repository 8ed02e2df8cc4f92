import type { BlockRef, OutPoint, Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { PaymentPlace } from '../../orders/order.ts';

/** The places of payments: where they are on the chain. Payments of orders and unassigned payments have a store each. */
export interface PaymentPlaces {
  /** Returns the payments that are in the mempool or missing. */
  unconfirmedPayments(): Promise<StoredPlace[]>;
  /** Returns the payments in these transactions, wherever they are. */
  paymentsIn(txids: readonly Txid[]): Promise<StoredPlace[]>;
  /** Returns the transactions of payments that are in one of these blocks, or were replaced by a transaction in it. */
  txidsInBlocks(blocks: readonly BlockRef[]): Promise<Txid[]>;
  setPlace(outPoint: OutPoint, place: PaymentPlace): Promise<void>;
  /** Sets the place of those outputs that are stored here. Call it in a transaction. */
  setPlaces(outPoints: readonly OutPoint[], place: PaymentPlace): Promise<void>;
}

export interface StoredPlace {
  readonly outPoint: OutPoint;
  /** Undefined for an unassigned payment. */
  readonly orderId: OrderId | undefined;
  readonly place: PaymentPlace;
}
