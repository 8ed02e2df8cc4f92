import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';

/** The idempotency keys of clients, each with the order that it created. */
export interface IdempotencyStore {
  /** Returns the stored uses of keys, however old. */
  find(keys: readonly Pick<IdempotencyUse, 'posId' | 'key'>[]): Promise<IdempotencyUse[]>;
  /** Stores keys that are unused, or whose use is from before a time, and returns how many. Call it in a transaction. */
  insert(uses: readonly IdempotencyUse[], takenBefore: EpochMs): Promise<number>;
  /** Counts the keys of an order. */
  countOf(order: { readonly id: OrderId; readonly createdAt: EpochMs }): Promise<number>;
  /** Deletes at most `limit` keys from before a time, the oldest first, and returns whether there may be more. */
  prune(which: { readonly before: EpochMs; readonly limit: number }): Promise<boolean>;
}

export interface IdempotencyUse {
  readonly posId: PosId;
  readonly key: string;
  readonly requestHash: string;
  readonly orderId: OrderId;
  readonly createdAt: EpochMs;
}
