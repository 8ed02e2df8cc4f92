import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { Order, OrderState } from '../../../orders/order.ts';

/** The manual decisions about orders. */
export interface OrderHistoryStore {
  insert(entry: HistoryEntry): Promise<void>;
  /** Returns the decisions about an order, the oldest first. */
  ofOrder(id: OrderId): Promise<HistoryEntry[]>;
  /** Returns decisions since a time, the newest first. */
  since(at: EpochMs, limit: number): Promise<HistoryEntry[]>;
}

export interface HistoryEntry {
  readonly id: string;
  readonly orderId: OrderId;
  readonly at: EpochMs;
  /** How the decision was made, such as `command`. */
  readonly actor: string;
  readonly action: 'settle' | 'refuse';
  readonly reason: string;
  readonly before: OrderState['status'];
  readonly after: OrderState['status'];
  /** The amount that had been seen. */
  readonly received: Order['terms']['amount'];
}
