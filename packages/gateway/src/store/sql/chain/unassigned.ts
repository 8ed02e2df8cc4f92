import { outPointKey, type BlockRef, type OutPoint, type Txid } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { AccountId } from '../../../kernel/ids.ts';
import { sats } from '../../../kernel/sats.ts';
import type { UnassignedPayment } from '../../../orders/unassigned-payment.ts';
import type { UnassignedQuery, UnassignedStore, UnassignedSum } from '../../ports/unassigned-store.ts';
import { SqlPaymentPlaces } from './payment-places.ts';
import { rowWriter } from '../columns.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import { rowOfPlace } from './place-columns.ts';
import { unassignedColumns, unassignedFrom } from './unassigned-columns.ts';

const rowOf = rowWriter(unassignedColumns);

export class SqlUnassigned extends SqlPaymentPlaces implements UnassignedStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    super(context, 'unassigned_payments');
    this.#sql = context;
  }

  async place(payment: Omit<UnassignedPayment, 'acknowledged'>): Promise<boolean> {
    if (await this.record(payment)) return true;
    await this.setPlace(payment.outPoint, payment.place);
    return false;
  }

  async record(payment: Omit<UnassignedPayment, 'acknowledged'>): Promise<boolean> {
    const { db } = this.#sql;
    const inserted = await db
      .insertInto('unassigned_payments')
      .values({ ...rowOf(payment), ...rowOfPlace(payment.place) })
      .onConflict((conflict) => conflict.columns(['txid', 'vout']).doNothing())
      .executeTakeFirst();
    return inserted.numInsertedOrUpdatedRows === 1n;
  }

  async among(outPoints: readonly OutPoint[]): Promise<ReadonlySet<string>> {
    const wanted = new Set(outPoints.map(outPointKey));
    const txids = [...new Set(outPoints.map(({ txid }) => txid))];
    const found = new Set<string>();
    for (const slice of slices(txids)) {
      const rows = await this.#sql.db
        .selectFrom('unassigned_payments')
        .select(['txid', 'vout'])
        .where('txid', 'in', slice)
        .execute();
      for (const row of rows) {
        const key = outPointKey({ txid: row.txid as Txid, vout: Number(row.vout) });
        if (wanted.has(key)) found.add(key);
      }
    }
    return found;
  }

  async rollBackBlock({ height, hash }: BlockRef): Promise<void> {
    await this.#sql.db
      .updateTable('unassigned_payments')
      .set(rowOfPlace({ kind: 'mempool' }))
      .where('block_height', '=', height)
      .where('block_hash', '=', hash)
      .execute();
  }

  async get({ txid, vout }: OutPoint): Promise<UnassignedPayment | undefined> {
    const row = await this.#sql.db
      .selectFrom('unassigned_payments')
      .selectAll()
      .where('txid', '=', txid)
      .where('vout', '=', vout)
      .executeTakeFirst();
    return row && unassignedFrom(row);
  }

  async list({ accountId, open, limit }: UnassignedQuery): Promise<UnassignedPayment[]> {
    let query = this.#sql.db.selectFrom('unassigned_payments').selectAll();
    if (accountId !== undefined) query = query.where('account_id', '=', accountId);
    if (open) query = query.where('acknowledged_at', 'is', null);
    const rows = await query
      .orderBy('first_seen_at', 'desc')
      .orderBy('txid', 'desc')
      .orderBy('vout', 'desc')
      .limit(limit)
      .execute();
    return rows.map(unassignedFrom);
  }

  async openSums(): Promise<UnassignedSum[]> {
    const rows = await this.#sql.db
      .selectFrom('unassigned_payments')
      .select((eb) => ['account_id', eb.fn.countAll().as('payments'), eb.fn.sum('amount_sats').as('amount')])
      .where('acknowledged_at', 'is', null)
      .where('place', '<>', 'gone')
      .groupBy('account_id')
      .orderBy('account_id')
      .execute();
    return rows.map(({ account_id, payments, amount }) => ({
      accountId: account_id as AccountId,
      payments: Number(payments),
      amount: sats(BigInt(amount)),
    }));
  }

  async acknowledge({ txid, vout }: OutPoint, at: EpochMs, note: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('unassigned_payments')
      .set({ acknowledged_at: at, note })
      .where('txid', '=', txid)
      .where('vout', '=', vout)
      .where('acknowledged_at', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}
