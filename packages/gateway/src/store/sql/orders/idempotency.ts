import type { EpochMs } from '../../../kernel/clock.ts';
import type { IdempotencyStore, IdempotencyUse } from '../../ports/idempotency-store.ts';
import { pruneRows, type PrunedTable } from '../prune-rows.ts';
import { hotQueryForEach } from '../hot-query.ts';
import type { SqlContext } from '../sql-context.ts';
import { idempotencyColumns, useFrom } from './idempotency-columns.ts';

const KEYS: PrunedTable = { table: 'idempotency_keys', column: 'created_at' };

interface Taking extends IdempotencyUse {
  readonly takenBefore: EpochMs;
}

// If another open transaction has inserted the same key, the database waits for it to end.
const take = hotQueryForEach<Taking>()((db, { takenBefore }, rowOf) =>
  db
    .insertInto('idempotency_keys')
    .values(rowOf(idempotencyColumns))
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
      found.push(...(await query.execute()).map(useFrom));
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

  async countOf({ id, createdAt }: Parameters<IdempotencyStore['countOf']>[0]): Promise<number> {
    const rows = await this.#sql.db
      .selectFrom('idempotency_keys')
      .select('key')
      .where('created_at', '=', createdAt)
      .where('order_id', '=', id)
      .execute();
    return rows.length;
  }

  prune(which: Parameters<IdempotencyStore['prune']>[0]): Promise<boolean> {
    return pruneRows(this.#sql, KEYS, which);
  }
}
