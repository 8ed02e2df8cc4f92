import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';

/** Notes about orders. They are only ever added. */
export interface OrderNoteStore {
  insert(note: OrderNote): Promise<void>;
  /** Returns the notes about an order, the oldest first. */
  ofOrder(id: OrderId, limit: number): Promise<OrderNote[]>;
}

export interface OrderNote {
  readonly id: string;
  readonly orderId: OrderId;
  readonly at: EpochMs;
  /** Who wrote it, as it is shown: the name of a person, or `command`. */
  readonly author: string;
  /** Empty once it was erased. */
  readonly text: string;
}
