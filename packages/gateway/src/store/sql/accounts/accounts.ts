import { sql } from 'kysely';
import type { AccountId } from '../../../kernel/ids.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { Account, SkippedRange, SkipReason } from '../../../merchants/account.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import { hotQuery } from '../hot-query.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { accountColumns, accountFrom, skippedRangeColumns, skippedRangeFrom } from './columns.ts';

const rowOfAccount = rowWriter<Account, typeof accountColumns>(accountColumns);
const rowOfRange = rowWriter<SkippedRange, typeof skippedRangeColumns>(skippedRangeColumns);

/** The next index of an account whose addresses are used up: children from here on are hardened (BIP 32). */
const MAX_NEXT_INDEX = 2 ** 31;

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
    const { db, dialect } = this.#sql;
    await db
      .insertInto('accounts')
      .values({ ...rowOfAccount(account), ready_timeline: dialect.timeline })
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

  async setSeal(id: AccountId, seal: string | null): Promise<void> {
    await this.#sql.db.updateTable('accounts').set({ seal }).where('id', '=', id).execute();
  }

  async takeIndexes(id: AccountId, count: number): Promise<number> {
    // A single statement reads and raises the index, so two callers cannot get the same one.
    const [row] = (await takeIndexes(this.#sql, { id, count })).rows;
    if (row === undefined) throw new Error(`no account with id ${id}`);
    return Number(row.next_index) - count;
  }

  async raiseIndex(id: AccountId, to: number, reason: SkipReason, at: EpochMs): Promise<SkippedRange | undefined> {
    const { db, dialect } = this.#sql;
    if (!Number.isInteger(to) || to < 0 || to > MAX_NEXT_INDEX)
      throw new RangeError(`next index: expected a whole number from 0 to ${MAX_NEXT_INDEX}, got ${to}`);
    const query = db.selectFrom('accounts').select('next_index').where('id', '=', id);
    const row = await (dialect.rowLocks ? query.forUpdate() : query).executeTakeFirst();
    if (row === undefined) throw new Error(`no account with id ${id}`);
    const from = Number(row.next_index);
    if (from >= to) return undefined;
    await db.updateTable('accounts').set({ next_index: to }).where('id', '=', id).execute();
    const skipped: SkippedRange = { accountId: id, from, to, reason, createdAt: at };
    await db.insertInto('skipped_ranges').values(rowOfRange(skipped)).execute();
    return skipped;
  }

  async skippedRanges(id?: AccountId): Promise<SkippedRange[]> {
    const query = this.#sql.db.selectFrom('skipped_ranges').selectAll().orderBy('account_id').orderBy('from_index');
    const rows = await (id === undefined ? query : query.where('account_id', '=', id)).execute();
    return rows.map(skippedRangeFrom);
  }

  async deleteUnused(id: AccountId): Promise<boolean> {
    const { db } = this.#sql;
    await db.deleteFrom('derived_addresses').where('account_id', '=', id).execute();
    const { numDeletedRows } = await db
      .deleteFrom('accounts')
      .where('id', '=', id)
      .where('next_index', '=', 0)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  async lastPaidIndex(id: AccountId, from: number, below: number): Promise<number | undefined> {
    const row = await this.#sql.db
      .selectFrom('orders')
      .select('address_index')
      .where('account_id', '=', id)
      .where('address_index', '>=', from)
      .where('address_index', '<', below)
      .where((eb) =>
        eb.exists(eb.selectFrom('payments').select(sql.lit(1).as('one')).whereRef('payments.order_id', '=', 'orders.id')),
      )
      .orderBy('address_index', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : Number(row.address_index);
  }
}
