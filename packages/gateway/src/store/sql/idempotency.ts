import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { IdempotencyStore, IdempotencyUse } from '../ports.ts';
import type { SqlContext } from './sql-context.ts';

export class SqlIdempotency implements IdempotencyStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async find(posId: PosId, key: string): Promise<IdempotencyUse | undefined> {
    const row = await this.#sql.db
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('pos_id', '=', posId)
      .where('key', '=', key)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return {
      posId,
      key,
      requestHash: row.request_hash,
      orderId: row.order_id as OrderId,
      createdAt: epochMs(Number(row.created_at)),
    };
  }

  async insert({ posId, key, requestHash, orderId, createdAt }: IdempotencyUse): Promise<boolean> {
    // Where another transaction is about to insert the same key, the database waits for its end first.
    const { numInsertedOrUpdatedRows } = await this.#sql.db
      .insertInto('idempotency_keys')
      .values({ pos_id: posId, key, request_hash: requestHash, order_id: orderId, created_at: createdAt })
      .onConflict((conflict) => conflict.columns(['pos_id', 'key']).doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async forget(before: EpochMs): Promise<void> {
    await this.#sql.db.deleteFrom('idempotency_keys').where('created_at', '<', before).execute();
  }
}
