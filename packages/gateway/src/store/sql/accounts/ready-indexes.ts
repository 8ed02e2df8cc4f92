import { sql, type RawBuilder } from 'kysely';
import type { AccountId } from '../../../kernel/ids.ts';
import { READY_AFTER_LEASE_MS, type ReadyIndexes, type ReadyIndexStore } from '../../ports/leader/ready-index-store.ts';
import { hotQuery } from '../hot-query.ts';
import { CHAIN_LEASE } from '../lease.ts';
import type { SqlContext } from '../sql-context.ts';

/** Compares term and timeline inside the statement that takes the indexes: nothing can change in between. */
const take = hotQuery<{ id: string; count: number }>()((db, { id, count }, _rowOf, { timeline, timeMs }) =>
  db
    .updateTable('accounts')
    .set((eb) => ({ next_index: eb('next_index', '+', count) }))
    .where('id', '=', id)
    .where((eb) => eb(eb('next_index', '+', count), '<=', eb.ref('ready_to')))
    .where('ready_timeline', '=', timeline)
    .where('ready_term', '=', (eb) =>
      eb
        .selectFrom('leases')
        .select('term')
        .where('name', '=', CHAIN_LEASE)
        .where('expires_at', '>', sql<number>`${timeMs} - ${sql.lit(READY_AFTER_LEASE_MS)}`),
    )
    .returning('next_index'),
);

export class SqlReadyIndexes implements ReadyIndexStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  get #timeline(): RawBuilder<string> {
    return this.#sql.dialect.timeline;
  }

  async list(): Promise<ReadyIndexes[]> {
    const rows = await this.#sql.db
      .selectFrom('accounts')
      .select(['id', 'next_index', 'ready_to', 'wanted_to', 'ready_timeline', 'ready_term', this.#timeline.as('timeline')])
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      accountId: row.id as AccountId,
      nextIndex: Number(row.next_index),
      readyTo: Number(row.ready_to),
      term: Number(row.ready_term),
      wantedTo: Number(row.wanted_to),
      isOtherTimeline: row.ready_timeline !== null && row.ready_timeline !== row.timeline,
    }));
  }

  async take(id: AccountId, count: number): Promise<number | undefined> {
    const [row] = (await take(this.#sql, { id, count })).rows;
    return row === undefined ? undefined : Number(row.next_index) - count;
  }

  async want(id: AccountId, count: number): Promise<void> {
    await this.#sql.db
      .updateTable('accounts')
      .set((eb) => ({ wanted_to: eb('next_index', '+', count) }))
      .where('id', '=', id)
      .where((eb) => eb('wanted_to', '<', eb('next_index', '+', count)))
      .execute();
  }

  async publish(id: AccountId, to: number, term: number): Promise<boolean> {
    const timeline = this.#timeline;
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('accounts')
      .set((eb) => ({
        ready_to: eb
          .case()
          .when(eb.and([eb('ready_term', '=', term), eb('ready_to', '>', to)]))
          .then(eb.ref('ready_to'))
          .else(to)
          .end(),
        ready_term: term,
        ready_timeline: timeline,
      }))
      .where('id', '=', id)
      .where((eb) => eb.or([eb('ready_timeline', 'is', null), eb('ready_timeline', '=', timeline)]))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async succeed(term: number): Promise<void> {
    await this.#sql.db
      .updateTable('accounts')
      .set({ ready_term: term })
      .where('ready_term', '=', term - 1)
      .execute();
  }

  async withdraw(id: AccountId): Promise<number> {
    const row = await this.#sql.db
      .updateTable('accounts')
      .set((eb) => ({ ready_to: eb.ref('next_index') }))
      .where('id', '=', id)
      .returning('next_index')
      .executeTakeFirstOrThrow();
    return Number(row.next_index);
  }

  async startOver(id: AccountId): Promise<void> {
    await this.#sql.db
      .updateTable('accounts')
      .set((eb) => ({ ready_to: eb.ref('next_index'), ready_timeline: this.#timeline }))
      .where('id', '=', id)
      .execute();
  }
}
