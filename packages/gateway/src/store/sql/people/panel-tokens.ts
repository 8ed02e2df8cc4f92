import type { EpochMs } from '../../../kernel/clock.ts';
import type { PanelTokenStore, StoredToken } from '../../ports/people/panel-token-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { tokenColumns, tokenFrom } from './columns.ts';

const rowOf = rowWriter<StoredToken, typeof tokenColumns>(tokenColumns);

export class SqlPanelTokens implements PanelTokenStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(token: StoredToken): Promise<void> {
    await this.#sql.db.insertInto('panel_tokens').values(rowOf(token)).execute();
  }

  async byHash(hash: string): Promise<StoredToken | undefined> {
    const row = await this.#sql.db.selectFrom('panel_tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
    return row && tokenFrom(row);
  }

  async get(id: string): Promise<StoredToken | undefined> {
    const row = await this.#sql.db.selectFrom('panel_tokens').selectAll().where('id', '=', id).executeTakeFirst();
    return row && tokenFrom(row);
  }

  async list(limit: number): Promise<StoredToken[]> {
    const rows = await this.#sql.db.selectFrom('panel_tokens').selectAll().orderBy('created_at', 'desc').limit(limit).execute();
    return rows.map(tokenFrom);
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#sql.db.deleteFrom('panel_tokens').where('id', '=', id).executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async removeAll(): Promise<number> {
    return Number((await this.#sql.db.deleteFrom('panel_tokens').executeTakeFirst()).numDeletedRows);
  }

  async prune(now: EpochMs): Promise<void> {
    await this.#sql.db.deleteFrom('panel_tokens').where('expires_at', '<=', now).execute();
  }
}
