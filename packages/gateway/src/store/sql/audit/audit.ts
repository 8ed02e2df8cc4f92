import { sql, type SelectQueryBuilder } from 'kysely';
import type { AuditEntry, AuditHead, AuditMatch, AuditQuery, AuditStore } from '../../ports/audit-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';
import { auditColumns, auditEntryFrom, auditHeadFrom } from './columns.ts';

const rowOf = rowWriter<AuditEntry, typeof auditColumns>(auditColumns);
const HEAD_ID = 1;

export class SqlAudit implements AuditStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async lockHead(): Promise<AuditHead | undefined> {
    const { db, dialect } = this.#sql;
    // A row exists before the first entry, so that there is always one to lock.
    await db
      .insertInto('audit_head')
      .values({ id: HEAD_ID, position: 0, hash: '', mac: '' })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    const query = db.selectFrom('audit_head').selectAll().where('id', '=', HEAD_ID);
    return present(auditHeadFrom(await (dialect.rowLocks ? query.forUpdate() : query).executeTakeFirstOrThrow()));
  }

  async append(entry: AuditEntry, head: AuditHead): Promise<void> {
    await this.#sql.db.insertInto('audit_log').values(rowOf(entry)).execute();
    await this.putHead(head);
  }

  async putHead({ position, hash, mac }: AuditHead): Promise<void> {
    await this.#sql.db.updateTable('audit_head').set({ position, hash, mac }).where('id', '=', HEAD_ID).execute();
  }

  async head(): Promise<AuditHead | undefined> {
    const row = await this.#sql.db.selectFrom('audit_head').selectAll().where('id', '=', HEAD_ID).executeTakeFirst();
    return row === undefined ? undefined : present(auditHeadFrom(row));
  }

  async after(position: number, limit: number): Promise<AuditEntry[]> {
    const rows = await this.#sql.db
      .selectFrom('audit_log')
      .selectAll()
      .where('position', '>', position)
      .orderBy('position')
      .limit(limit)
      .execute();
    return rows.map(auditEntryFrom);
  }

  async list({ subject, before, from, match = {}, limit }: AuditQuery): Promise<AuditEntry[]> {
    const rows = await matching(this.#sql.db.selectFrom('audit_log'), match)
      .selectAll()
      .$if(subject !== undefined, (query) =>
        query.where('subject_kind', '=', subject?.kind ?? '').where('subject_id', '=', subject?.id ?? null),
      )
      .$if(before !== undefined, (query) => query.where('position', '<', before ?? 0))
      .$if(from !== undefined, (query) => query.where('position', '>=', from ?? 0))
      .orderBy('position', 'desc')
      .limit(limit)
      .execute();
    return rows.map(auditEntryFrom);
  }
}

type AuditRows = SelectQueryBuilder<Tables, 'audit_log', object>;

function matching(rows: AuditRows, { actor, action, subjectKind, since, until }: AuditMatch): AuditRows {
  let query = rows;
  if (actor !== undefined)
    query = query.where((row) =>
      row.or([row('actor_kind', '=', actor), row('actor_id', '=', actor), row('actor_name', '=', actor)]),
    );
  if (action !== undefined)
    query = action.includes('.') ? query.where('action', '=', action) : query.where('action', 'like', `${action}.%`);
  // Concatenated, because the index by subject would have to be sorted by position.
  if (subjectKind !== undefined) query = query.where(sql<string>`subject_kind || ''`, '=', subjectKind);
  if (since !== undefined) query = query.where('at', '>=', since);
  if (until !== undefined) query = query.where('at', '<', until);
  return query;
}

function present(head: AuditHead): AuditHead | undefined {
  return head.position === 0 ? undefined : head;
}
