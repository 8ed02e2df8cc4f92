import type { OrderId } from '../../../kernel/ids.ts';
import type { RefundRequest } from '../../../refunds/request-of-buyer.ts';

/** Refunds requested by buyers, at most one per order. */
export interface RefundRequestStore {
  /** Stores a request, which replaces an earlier one for the same order. */
  put(request: RefundRequest): Promise<void>;
  ofOrder(id: OrderId): Promise<RefundRequest | undefined>;
  /** Returns one page, those of the newest orders first. @param before Only those of orders older than this one. */
  page(before: OrderId | undefined, limit: number): Promise<RefundRequest[]>;
}
