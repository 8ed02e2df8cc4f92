import type { StoredCallback } from '../../callbacks/callback.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';

/** Erases what orders say about people. Amounts, transactions, states and times stay. */
export interface ErasureStore {
  /**
   * Erases the reference, the details, the URLs of the buyer, the refund address, the reasons of manual decisions, the notes, the excerpts of
   * endpoints' answers, and the idempotency key of an order. Call it in a transaction that has locked the order.
   *
   * @param order `callbackUrl`: its new callback URL.
   */
  eraseOrder(order: { readonly id: OrderId; readonly createdAt: EpochMs; readonly callbackUrl: string | null }): Promise<void>;
  /** Replaces the body and the URL of a callback. The URL must have the same origin. */
  rewriteCallback(callback: StoredCallback, changes: Pick<StoredCallback, 'body' | 'url'>): Promise<void>;
  /** Returns what people may have written into orders, sorted by id, after an order. */
  texts(after: OrderId | undefined, limit: number): Promise<OrderTexts[]>;
}

export interface OrderTexts {
  readonly id: OrderId;
  readonly texts: readonly string[];
}
