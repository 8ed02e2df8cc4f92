import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';

/** Which order a client's key has made. */
export interface IdempotencyStore {
  /** What is stored of these keys, however old. */
  find(keys: readonly Pick<IdempotencyUse, 'posId' | 'key'>[]): Promise<IdempotencyUse[]>;
  /**
   * Takes keys that are free, or were taken before a time, and answers how many it could take. In a transaction.
   */
  insert(uses: readonly IdempotencyUse[], takenBefore: EpochMs): Promise<number>;
  /** Forgets keys from before a time, some of the oldest at once; answers whether there are more. */
  forget(before: EpochMs): Promise<boolean>;
}

export interface IdempotencyUse {
  readonly posId: PosId;
  readonly key: string;
  readonly requestHash: string;
  readonly orderId: OrderId;
  readonly createdAt: EpochMs;
}
