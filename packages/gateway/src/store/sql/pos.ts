import type { PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../orders/pos.ts';
import type { PosStore } from '../ports.ts';
import { accessColumns, lookColumns, posFrom } from './rows.ts';
import type { SqlContext } from './sql-context.ts';

export class SqlPos implements PosStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(pos: Pos): Promise<void> {
    await this.#sql.db
      .insertInto('pos')
      .values({
        id: pos.id,
        name: pos.name,
        type: pos.type,
        account_id: pos.accountId,
        currency: pos.currency,
        client_id: pos.clientId,
        callback_url: pos.defaults.callbackUrl,
        continue_url: pos.defaults.continueUrl,
        cancel_url: pos.defaults.cancelUrl,
        required_confirmations: pos.defaults.requiredConfirmations,
        rate_provider: pos.rates.provider,
        rate_spread_bps: pos.rates.spreadBps,
        created_at: pos.createdAt,
        ...accessColumns(pos),
        ...lookColumns(pos),
        revision: 0,
      })
      .execute();
    await this.#sql.posChanged(pos.id);
  }

  async update(pos: Pos): Promise<void> {
    await this.#sql.db
      .updateTable('pos')
      .set((eb) => ({ name: pos.name, ...accessColumns(pos), ...lookColumns(pos), revision: eb('revision', '+', 1) }))
      .where('id', '=', pos.id)
      .execute();
    await this.#sql.posChanged(pos.id);
  }

  async get(id: PosId): Promise<Pos | undefined> {
    return this.#one('id', id);
  }

  async byClientId(clientId: string): Promise<Pos | undefined> {
    return this.#one('client_id', clientId);
  }

  async lock(id: PosId): Promise<Pos | undefined> {
    const { db, dialect } = this.#sql;
    const query = db.selectFrom('pos').selectAll().where('id', '=', id);
    const row = await (dialect.rowLocks ? query.forUpdate() : query).executeTakeFirst();
    return row === undefined ? undefined : posFrom(row);
  }

  async list(): Promise<Pos[]> {
    const rows = await this.#sql.db.selectFrom('pos').selectAll().orderBy('created_at').orderBy('id').execute();
    return rows.map(posFrom);
  }

  async #one(column: 'id' | 'client_id', value: string): Promise<Pos | undefined> {
    const row = await this.#sql.db.selectFrom('pos').selectAll().where(column, '=', value).executeTakeFirst();
    return row === undefined ? undefined : posFrom(row);
  }
}
