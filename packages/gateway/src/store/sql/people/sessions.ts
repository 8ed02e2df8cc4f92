import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId } from '../../../kernel/ids.ts';
import type { SessionStore, StoredSession } from '../../ports/people/session-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { sessionColumns, sessionFrom } from './columns.ts';

const rowOf = rowWriter<StoredSession, typeof sessionColumns>(sessionColumns);

export class SqlSessions implements SessionStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(session: StoredSession): Promise<void> {
    await this.#sql.db.insertInto('panel_sessions').values(rowOf(session)).execute();
  }

  async byHash(hash: string): Promise<StoredSession | undefined> {
    const row = await this.#sql.db.selectFrom('panel_sessions').selectAll().where('hash', '=', hash).executeTakeFirst();
    return row && sessionFrom(row);
  }

  async get(id: string): Promise<StoredSession | undefined> {
    const row = await this.#sql.db.selectFrom('panel_sessions').selectAll().where('id', '=', id).executeTakeFirst();
    return row && sessionFrom(row);
  }

  async noteUse(id: string, at: EpochMs, address: string): Promise<void> {
    await this.#sql.db.updateTable('panel_sessions').set({ last_used_at: at, address }).where('id', '=', id).execute();
  }

  async replace(oldHash: string, session: StoredSession): Promise<boolean> {
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('panel_sessions')
      .set(rowOf(session))
      .where('hash', '=', oldHash)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async ofPerson(personId: PersonId | null, limit: number): Promise<StoredSession[]> {
    const rows = await this.#sql.db
      .selectFrom('panel_sessions')
      .selectAll()
      .where('person_id', personId === null ? 'is' : '=', personId)
      .orderBy('last_used_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(sessionFrom);
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#sql.db.deleteFrom('panel_sessions').where('id', '=', id).executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async removeOf(personId: PersonId, exceptId = ''): Promise<number> {
    const { numDeletedRows } = await this.#sql.db
      .deleteFrom('panel_sessions')
      .where('person_id', '=', personId)
      .where('id', '<>', exceptId)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  async removeAll(): Promise<number> {
    return Number((await this.#sql.db.deleteFrom('panel_sessions').executeTakeFirst()).numDeletedRows);
  }

  async prune(now: EpochMs, idleSince: EpochMs): Promise<void> {
    await this.#sql.db.deleteFrom('panel_sessions').where('expires_at', '<=', now).execute();
    await this.#sql.db.deleteFrom('panel_sessions').where('last_used_at', '<=', idleSince).execute();
  }
}
