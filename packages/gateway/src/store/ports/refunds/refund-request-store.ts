import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';

/** Refunds requested by buyers, at most one per order. */
export interface RefundRequestStore {
  /** Stores a request, which replaces an earlier one for the same order. */
  put(request: RefundRequest): Promise<void>;
  ofOrder(id: OrderId): Promise<RefundRequest | undefined>;
}

export interface RefundRequest {
  readonly orderId: OrderId;
  /** An address of the gateway's network. */
  readonly address: string;
  readonly requestedAt: EpochMs;
}
