import { epochMs } from '../../../kernel/clock.ts';
import type { SealStart, SealStartStore } from '../../ports/seals/seal-start-store.ts';
import type { SqlContext } from '../sql-context.ts';

/** The id of the only row. */
const ROW_ID = 1;

export class SqlSealStart implements SealStartStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async get(): Promise<SealStart | undefined> {
    const row = await this.#sql.db.selectFrom('seal_start').selectAll().where('id', '=', ROW_ID).executeTakeFirst();
    return row === undefined ? undefined : { since: epochMs(Number(row.since)), seal: row.seal };
  }

  async put({ since, seal }: SealStart): Promise<void> {
    await this.#sql.db
      .insertInto('seal_start')
      .values({ id: ROW_ID, since, seal })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ since, seal }))
      .execute();
  }
}
