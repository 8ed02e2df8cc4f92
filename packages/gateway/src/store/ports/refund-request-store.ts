import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';

/** The refunds that buyers have asked for, at most one an order. */
export interface RefundRequestStore {
  /** Stores a request in place of an earlier one for the same order. */
  put(request: RefundRequest): Promise<void>;
  ofOrder(id: OrderId): Promise<RefundRequest | undefined>;
}

export interface RefundRequest {
  readonly orderId: OrderId;
  /** An address of the gateway's network. */
  readonly address: string;
  readonly requestedAt: EpochMs;
}
