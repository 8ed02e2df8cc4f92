import type { BlockRef, OutPoint, Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { PaymentPlace } from '../../orders/order.ts';

/** Where payments are: those of orders, or the unassigned ones. */
export interface PaymentPlaces {
  /** Payments that are in the mempool or missing from it. */
  unconfirmedPayments(): Promise<StoredPlace[]>;
  /** The payments of these transactions, wherever they are. */
  paymentsIn(txids: readonly Txid[]): Promise<StoredPlace[]>;
  /** The transactions of payments that are in one of these blocks, or were replaced in it. */
  txidsInBlocks(blocks: readonly BlockRef[]): Promise<Txid[]>;
  setPlace(outPoint: OutPoint, place: PaymentPlace): Promise<void>;
}

export interface StoredPlace {
  readonly outPoint: OutPoint;
  /** Undefined for an unassigned payment. */
  readonly orderId: OrderId | undefined;
  readonly place: PaymentPlace;
}
