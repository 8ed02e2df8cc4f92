import type { EpochMs } from '../../../kernel/clock.ts';
import type { Notice } from '../../../notifications/notice.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../../notifications/notice-kind.ts';
import type { NoticeStore } from '../../ports/notifications/notice-store.ts';
import { rowWriter } from '../columns.ts';
import { pruneRows } from '../prune-rows.ts';
import type { SqlContext } from '../sql-context.ts';
import { noticeColumns, noticeFrom } from './notice-columns.ts';

const rowOf = rowWriter<Notice, typeof noticeColumns>(noticeColumns);

export class SqlNotices implements NoticeStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  wants(kind: NoticeKind): boolean {
    const { kinds } = this.#sql.wantedNotices;
    return kinds === undefined || kinds.has(kind);
  }

  setWanted(kinds: ReadonlySet<NoticeKind>): void {
    this.#sql.wantedNotices.kinds = kinds;
  }

  async add(notices: readonly Notice[]): Promise<void> {
    const wanted = notices.filter(({ facts }) => this.wants(facts.kind));
    if (wanted.length === 0) return;
    await this.#sql.db
      .insertInto('notices')
      .values(wanted.map(rowOf))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }

  async lockPending(limit: number): Promise<Notice[]> {
    const { db, dialect } = this.#sql;
    const query = db
      .selectFrom('notices')
      .selectAll()
      .where('assigned_at', 'is', null)
      // A process of a newer version assigns the kinds that this one does not know.
      .where('kind', 'in', [...NOTICE_KINDS])
      .orderBy('at')
      .limit(limit);
    const rows = await (dialect.rowLocks ? query.forUpdate().skipLocked() : query).execute();
    return rows.map(noticeFrom);
  }

  async assigned(ids: readonly string[], at: EpochMs): Promise<void> {
    if (ids.length === 0) return;
    await this.#sql.db
      .updateTable('notices')
      .set({ assigned_at: at })
      .where('id', 'in', [...ids])
      .execute();
  }

  async get(ids: readonly string[]): Promise<Notice[]> {
    if (ids.length === 0) return [];
    const rows = await this.#sql.db
      .selectFrom('notices')
      .selectAll()
      .where('id', 'in', [...ids])
      .execute();
    return rows.map(noticeFrom).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  }

  prune(options: { readonly before: EpochMs; readonly limit: number }): Promise<boolean> {
    return pruneRows(this.#sql, { table: 'notices', column: 'assigned_at' }, options);
  }

  async state(name: string): Promise<string | null> {
    const row = await this.#sql.db.selectFrom('notice_states').select('value').where('name', '=', name).executeTakeFirst();
    return row?.value ?? null;
  }

  async putState(name: string, before: string | null, after: string | null): Promise<boolean> {
    const { db } = this.#sql;
    // A row exists before the first value, so that there is always one to compare with.
    await db
      .insertInto('notice_states')
      .values({ name, value: null })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    const { numUpdatedRows } = await db
      .updateTable('notice_states')
      .set({ value: after })
      .where('name', '=', name)
      .where('value', before === null ? 'is' : '=', before)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}
