import { sql } from 'kysely';
import type { AccountId } from '../../kernel/ids.ts';
import type { Account } from '../../orders/account.ts';
import type { AccountStore } from '../ports.ts';
import { hotQuery } from './hot-query.ts';
import { accountFrom } from './rows.ts';
import type { SqlContext } from './sql-context.ts';

const accountById = hotQuery<{ id: string }>()((db, { id }) => db.selectFrom('accounts').selectAll().where('id', '=', id));
const takeIndexes = hotQuery<{ id: string; count: number }>()((db, { id, count }) =>
  db
    .updateTable('accounts')
    .set((eb) => ({ next_index: eb('next_index', '+', count) }))
    .where('id', '=', id)
    .returning('next_index'),
);

export class SqlAccounts implements AccountStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(account: Account): Promise<void> {
    await this.#sql.db
      .insertInto('accounts')
      .values({
        id: account.id,
        name: account.name,
        network: account.network,
        descriptor: account.descriptor,
        next_index: account.nextIndex,
        created_at: account.createdAt,
      })
      .execute();
  }

  async get(id: AccountId): Promise<Account | undefined> {
    const [row] = (await accountById(this.#sql, { id })).rows;
    return row === undefined ? undefined : accountFrom(row);
  }

  async list(): Promise<Account[]> {
    const rows = await this.#sql.db.selectFrom('accounts').selectAll().orderBy('created_at').orderBy('id').execute();
    return rows.map(accountFrom);
  }

  async takeIndexes(id: AccountId, count: number): Promise<number> {
    // One statement reads and moves the index, so that the database itself keeps two callers apart.
    const [row] = (await takeIndexes(this.#sql, { id, count })).rows;
    if (row === undefined) throw new Error(`there is no account ${id}`);
    return Number(row.next_index) - count;
  }

  async lastPaidIndex(id: AccountId, from = 0): Promise<number | undefined> {
    const row = await this.#sql.db
      .selectFrom('orders')
      .select('address_index')
      .where('account_id', '=', id)
      .where('address_index', '>=', from)
      .where((eb) =>
        eb.exists(eb.selectFrom('payments').select(sql.lit(1).as('one')).whereRef('payments.order_id', '=', 'orders.id')),
      )
      .orderBy('address_index', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : Number(row.address_index);
  }
}
