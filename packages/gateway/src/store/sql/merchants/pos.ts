import type { PosId } from '../../../kernel/ids.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { PosStore } from '../../ports/pos-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { changingColumns, fixedColumns, posFrom } from './pos-columns.ts';

const fixedOf = rowWriter(fixedColumns);
const changingOf = rowWriter(changingColumns);

export class SqlPos implements PosStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(pos: Pos): Promise<void> {
    await this.#sql.db
      .insertInto('pos')
      .values({ ...fixedOf(pos), ...changingOf(pos), revision: 0 })
      .execute();
    await this.#sql.posChanged(pos.id);
  }

  async update(pos: Pos): Promise<void> {
    await this.#sql.db
      .updateTable('pos')
      .set((eb) => ({ ...changingOf(pos), revision: eb('revision', '+', 1) }))
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

  async delete(id: PosId): Promise<void> {
    const { db } = this.#sql;
    // Those without an order: a POS with orders is not deleted.
    const links = db.selectFrom('payment_links').select('id').where('pos_id', '=', id);
    await db.deleteFrom('link_orders').where('link_id', 'in', links).execute();
    await db.deleteFrom('payment_links').where('pos_id', '=', id).execute();
    for (const table of ['order_counts', 'event_feeds', 'idempotency_keys'] as const)
      await db.deleteFrom(table).where('pos_id', '=', id).execute();
    await db.deleteFrom('pos').where('id', '=', id).execute();
    await this.#sql.posChanged(id);
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
