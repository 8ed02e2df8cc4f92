import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { IdempotencyStore, IdempotencyUse } from '../ports.ts';
import { forgetSpan, type Aged } from './forget-span.ts';
import { hotQueryForEach } from './hot-query.ts';
import type { SqlContext } from './sql-context.ts';

/** At a thousand orders a second, as many rows at once. */
const KEYS: Aged = { table: 'idempotency_keys', column: 'created_at', span: 1_000 };

interface Taking {
  readonly posId: string;
  readonly key: string;
  readonly requestHash: string;
  readonly orderId: string;
  readonly createdAt: number;
  readonly takenBefore: number;
}

// Where another transaction is about to insert the same key, the database waits for its end first.
const take = hotQueryForEach<Taking>()((db, { posId, key, requestHash, orderId, createdAt, takenBefore }) =>
  db
    .insertInto('idempotency_keys')
    .values({ pos_id: posId, key, request_hash: requestHash, order_id: orderId, created_at: createdAt })
    .onConflict((conflict) =>
      conflict
        .columns(['pos_id', 'key'])
        .doUpdateSet((eb) => ({
          request_hash: eb.ref('excluded.request_hash'),
          order_id: eb.ref('excluded.order_id'),
          created_at: eb.ref('excluded.created_at'),
        }))
        .where('idempotency_keys.created_at', '<', takenBefore),
    ),
);

export class SqlIdempotency implements IdempotencyStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async find(keys: readonly Pick<IdempotencyUse, 'posId' | 'key'>[]): Promise<IdempotencyUse[]> {
    const found: IdempotencyUse[] = [];
    for (const posId of new Set(keys.map((wanted) => wanted.posId))) {
      const wanted = keys.filter((each) => each.posId === posId).map(({ key }) => key);
      const { db } = this.#sql;
      const query = db.selectFrom('idempotency_keys').selectAll().where('pos_id', '=', posId).where('key', 'in', wanted);
      for (const row of await query.execute())
        found.push({
          posId: row.pos_id as PosId,
          key: row.key,
          requestHash: row.request_hash,
          orderId: row.order_id as OrderId,
          createdAt: epochMs(Number(row.created_at)),
        });
    }
    return found;
  }

  async insert(uses: readonly IdempotencyUse[], takenBefore: EpochMs): Promise<number> {
    const { written } = await take(
      this.#sql,
      uses.map((use) => ({ ...use, takenBefore })),
    );
    return written;
  }

  forget(before: EpochMs): Promise<boolean> {
    return forgetSpan(this.#sql, KEYS, before);
  }
}
