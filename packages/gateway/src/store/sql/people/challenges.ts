import type { EpochMs } from '../../../kernel/clock.ts';
import type { ChallengeStore } from '../../ports/people/session-store.ts';
import type { SqlContext } from '../sql-context.ts';

export class SqlChallenges implements ChallengeStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async use(hash: string, expiresAt: EpochMs): Promise<boolean> {
    const { numInsertedOrUpdatedRows = 0n } = await this.#sql.db
      .insertInto('used_challenges')
      .values({ hash, expires_at: expiresAt })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async prune(now: EpochMs): Promise<void> {
    await this.#sql.db.deleteFrom('used_challenges').where('expires_at', '<=', now).execute();
  }
}
