import type { BlockRef, OutPoint, ScriptHex } from '../../../kernel/chain.ts';
import type { RefundId } from '../../../kernel/ids.ts';
import type { Payout } from '../../../refunds/payout.ts';
import type { PayoutStore } from '../../ports/refunds/payout-store.ts';
import { SqlPaymentPlaces } from '../chain/payment-places.ts';
import { rowOfPlace } from '../chain/place-columns.ts';
import { rowWriter } from '../columns.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import { payoutColumns, payoutFrom } from './payout-columns.ts';

const rowOf = rowWriter(payoutColumns);

export class SqlPayouts extends SqlPaymentPlaces implements PayoutStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    super(context, 'refund_payouts');
    this.#sql = context;
  }

  async place(payout: Omit<Payout, 'refundId'>): Promise<void> {
    const place = rowOfPlace(payout.place);
    await this.#sql.db
      .insertInto('refund_payouts')
      .values({ ...rowOf(payout), ...place })
      .onConflict((conflict) => conflict.columns(['txid', 'vout']).doUpdateSet(place))
      .execute();
  }

  async rollBackBlock({ height, hash }: BlockRef): Promise<ScriptHex[]> {
    const rows = await this.#sql.db
      .updateTable('refund_payouts')
      .set(rowOfPlace({ kind: 'mempool' }))
      .where('block_height', '=', height)
      .where('block_hash', '=', hash)
      .returning('script')
      .execute();
    return rows.map(({ script }) => script as ScriptHex);
  }

  async get({ txid, vout }: OutPoint): Promise<Payout | undefined> {
    const row = await this.#sql.db
      .selectFrom('refund_payouts')
      .selectAll()
      .where('txid', '=', txid)
      .where('vout', '=', vout)
      .executeTakeFirst();
    return row && payoutFrom(row);
  }

  async toScripts(scripts: readonly ScriptHex[], limit: number): Promise<Payout[]> {
    const found: Payout[] = [];
    for (const slice of slices(scripts)) {
      const rows = await this.#sql.db
        .selectFrom('refund_payouts')
        .selectAll()
        .where('script', 'in', slice)
        .limit(limit)
        .execute();
      found.push(...rows.map(payoutFrom));
    }
    return found.sort((a, b) => b.firstSeenAt - a.firstSeenAt).slice(0, limit);
  }

  async link({ txid, vout }: OutPoint, id: RefundId): Promise<boolean> {
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('refund_payouts')
      .set({ refund_id: id })
      .where('txid', '=', txid)
      .where('vout', '=', vout)
      .where('refund_id', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async scriptsOf(outPoints: readonly OutPoint[]): Promise<ScriptHex[]> {
    const scripts: ScriptHex[] = [];
    for (const slice of slices([...new Set(outPoints.map(({ txid }) => txid))])) {
      const rows = await this.#sql.db.selectFrom('refund_payouts').select('script').where('txid', 'in', slice).execute();
      scripts.push(...rows.map(({ script }) => script as ScriptHex));
    }
    return scripts;
  }
}
