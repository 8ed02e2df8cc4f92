import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order, OrderState } from '../../orders/order.ts';

/** What was decided about orders by hand. */
export interface OrderHistoryStore {
  insert(entry: HistoryEntry): Promise<void>;
  /** The first first. */
  ofOrder(id: OrderId): Promise<HistoryEntry[]>;
  /** Those since a time, the newest first. */
  since(at: EpochMs, limit: number): Promise<HistoryEntry[]>;
}

export interface HistoryEntry {
  readonly id: string;
  readonly orderId: OrderId;
  readonly at: EpochMs;
  /** By what it was decided, such as `command`. */
  readonly actor: string;
  readonly action: 'settle' | 'refuse';
  readonly reason: string;
  readonly before: OrderState['status'];
  readonly after: OrderState['status'];
  /** What had been seen of its bitcoin. */
  readonly received: Order['terms']['amount'];
}
