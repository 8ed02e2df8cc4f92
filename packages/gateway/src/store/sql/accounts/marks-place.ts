import type { EpochMs } from '../../../kernel/clock.ts';
import { epochMs } from '../../../kernel/clock.ts';
import type { MarksPlace, MarksPlaceStore } from '../../ports/marks-place-store.ts';
import type { SqlContext } from '../sql-context.ts';

/** The id of the only row. */
const ROW_ID = 1;

export class SqlMarksPlace implements MarksPlaceStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async get(): Promise<MarksPlace | undefined> {
    const row = await this.#sql.db.selectFrom('marks_place').selectAll().executeTakeFirst();
    if (row === undefined) return undefined;
    const missingAt: EpochMs | null = row.missing_at === null ? null : epochMs(Number(row.missing_at));
    return { path: row.path, missingAt };
  }

  async put({ path, missingAt }: MarksPlace): Promise<void> {
    await this.#sql.db
      .insertInto('marks_place')
      .values({ id: ROW_ID, path, missing_at: missingAt })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ path, missing_at: missingAt }))
      .execute();
  }
}
