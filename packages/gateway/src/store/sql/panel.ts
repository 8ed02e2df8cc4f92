import type { EpochMs } from '../../kernel/clock.ts';
import type { PanelGrant, PanelStore } from '../ports/panel-store.ts';
import type { SqlContext } from './sql-context.ts';

export class SqlPanel implements PanelStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async grant({ kind, hash, expiresAt }: PanelGrant): Promise<void> {
    await this.#sql.db.insertInto('panel_grants').values({ kind, hash, expires_at: expiresAt }).execute();
  }

  async revoke(hash: string, kind: PanelGrant['kind'], now: EpochMs): Promise<boolean> {
    const { numDeletedRows } = await this.#sql.db
      .deleteFrom('panel_grants')
      .where('hash', '=', hash)
      .where('kind', '=', kind)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async revokeAll(): Promise<number> {
    return Number((await this.#sql.db.deleteFrom('panel_grants').executeTakeFirst()).numDeletedRows);
  }

  async prune(now: EpochMs): Promise<void> {
    await this.#sql.db.deleteFrom('panel_grants').where('expires_at', '<=', now).execute();
  }
}
