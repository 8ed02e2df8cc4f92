import { sql } from 'kysely';
import type { ScriptHex } from '../../../kernel/chain.ts';
import { epochMs } from '../../../kernel/clock.ts';
import type { OrderId, RefundId } from '../../../kernel/ids.ts';
import { sats } from '../../../kernel/sats.ts';
import type { Refund } from '../../../refunds/refund.ts';
import type { RefundQuery, RefundSchedule, RefundStore, WatchedRefund } from '../../ports/refunds/refund-store.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import { changesOfRefund, refundFrom, rowOfRefund } from './columns.ts';

const WATCH_ID = 1;
/** Below every height: judged at the next tip. */
const MARKED = -1;

export class SqlRefunds implements RefundStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(refund: Refund): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#sql.db
      .insertInto('refunds')
      .values({ ...rowOfRefund(refund), reported: 0 })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async update(refund: Refund): Promise<void> {
    await this.#sql.db.updateTable('refunds').set(changesOfRefund(refund)).where('id', '=', refund.id).execute();
  }

  async get(id: RefundId): Promise<Refund | undefined> {
    const row = await this.#sql.db.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirst();
    return row && refundFrom(row);
  }

  ofOrder(id: OrderId): Promise<Refund[]> {
    return this.ofOrders([id]);
  }

  async ofOrders(ids: readonly OrderId[]): Promise<Refund[]> {
    const found: Refund[] = [];
    for (const slice of slices(ids)) {
      const rows = await this.#sql.db.selectFrom('refunds').selectAll().where('order_id', 'in', slice).execute();
      found.push(...rows.map(refundFrom));
    }
    return found.sort((a, b) => a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1));
  }

  async list({ posId, status, before, limit }: RefundQuery): Promise<Refund[]> {
    const rows = await this.#sql.db
      .selectFrom('refunds')
      .selectAll()
      .$if(posId !== undefined, (query) => query.where('pos_id', '=', posId ?? ''))
      .$if(status !== undefined, (query) => query.where('status', '=', status ?? ''))
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(refundFrom);
  }

  async watch(id: RefundId): Promise<void> {
    const { db } = this.#sql;
    // The row is locked until the transaction ends, so that positions become visible in their order.
    const { position } = await db
      .insertInto('refund_watch')
      .values({ id: WATCH_ID, position: 1 })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ position: sql`refund_watch.position + 1` }))
      .returning('position')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('refunds')
      .set({ watch_position: Number(position), judge_at_height: MARKED })
      .where('id', '=', id)
      .execute();
  }

  async unwatch(id: RefundId): Promise<void> {
    await this.#sql.db.updateTable('refunds').set({ watch_position: null, judge_at_height: null }).where('id', '=', id).execute();
  }

  async watchedAfter(position: number, limit: number): Promise<WatchedRefund[]> {
    const rows = await this.#sql.db
      .selectFrom('refunds')
      .select(['watch_position', 'script', 'amount_sats', 'closed_at'])
      .where('watch_position', '>', position)
      .orderBy('watch_position')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      position: Number(row.watch_position),
      script: row.script as ScriptHex,
      amount: sats(BigInt(row.amount_sats ?? 0)),
      closedAt: row.closed_at === null ? null : epochMs(Number(row.closed_at)),
    }));
  }

  async byScripts(scripts: readonly ScriptHex[]): Promise<Refund[]> {
    const found: Refund[] = [];
    for (const slice of slices(scripts)) {
      const rows = await this.#sql.db.selectFrom('refunds').selectAll().where('script', 'in', slice).execute();
      found.push(...rows.map(refundFrom));
    }
    return found;
  }

  async mark(scripts: readonly ScriptHex[]): Promise<void> {
    for (const slice of slices(scripts))
      await this.#sql.db.updateTable('refunds').set({ judge_at_height: MARKED }).where('script', 'in', slice).execute();
  }

  async markAgain(): Promise<void> {
    await this.#sql.db.updateTable('refunds').set({ judge_at_height: MARKED }).where('judge_at_height', 'is not', null).execute();
  }

  async idsToJudge(tipHeight: number, limit: number): Promise<RefundId[]> {
    const rows = await this.#sql.db
      .selectFrom('refunds')
      .select('id')
      .where('judge_at_height', '<=', tipHeight)
      .orderBy('judge_at_height')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id as RefundId);
  }

  async judged(id: RefundId, { judgeAtHeight, isReported }: RefundSchedule): Promise<void> {
    await this.#sql.db
      .updateTable('refunds')
      .set({ judge_at_height: judgeAtHeight ?? null, reported: isReported ? 1 : 0 })
      .where('id', '=', id)
      .execute();
  }

  async isReported(id: RefundId): Promise<boolean> {
    const row = await this.#sql.db.selectFrom('refunds').select('reported').where('id', '=', id).executeTakeFirst();
    return Number(row?.reported) === 1;
  }
}
