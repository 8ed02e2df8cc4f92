import type { MerchantId } from '../../../kernel/ids.ts';
import type { Merchant } from '../../../merchants/merchant.ts';
import type { MerchantStore } from '../../ports/merchants/merchant-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { detailColumns, fixedColumns, merchantFrom } from './merchant-columns.ts';

const fixedOf = rowWriter(fixedColumns);
const detailsOf = rowWriter(detailColumns);

export class SqlMerchants implements MerchantStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(merchant: Merchant): Promise<void> {
    await this.#sql.db
      .insertInto('merchants')
      .values({ ...fixedOf(merchant), ...detailsOf(merchant) })
      .execute();
  }

  async update(merchant: Merchant): Promise<void> {
    await this.#sql.db.updateTable('merchants').set(detailsOf(merchant)).where('id', '=', merchant.id).execute();
  }

  async get(id: MerchantId): Promise<Merchant | undefined> {
    const row = await this.#sql.db.selectFrom('merchants').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : merchantFrom(row);
  }

  async lock(id: MerchantId): Promise<Merchant | undefined> {
    const { db, dialect } = this.#sql;
    const query = db.selectFrom('merchants').selectAll().where('id', '=', id);
    const row = await (dialect.rowLocks ? query.forUpdate() : query).executeTakeFirst();
    return row === undefined ? undefined : merchantFrom(row);
  }

  async list(): Promise<Merchant[]> {
    const rows = await this.#sql.db.selectFrom('merchants').selectAll().orderBy('created_at').orderBy('id').execute();
    return rows.map(merchantFrom);
  }
}
