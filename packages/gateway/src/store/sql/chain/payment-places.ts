/** The places of payments. Payments of orders, unassigned payments and the payouts of refunds have separate tables with the same columns for them. */
import { sql, type RawBuilder } from 'kysely';
import type { BlockRef, OutPoint, Txid } from '../../../kernel/chain.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { PaymentPlace } from '../../../orders/order.ts';
import type { PaymentPlaces, StoredPlace } from '../../ports/payment-places.ts';
import { hotQueryForEach, type RunForEach } from '../hot-query.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import { placeFrom, rowOfPlace, type PlaceRow } from './place-columns.ts';

type Row = PlaceRow & { readonly order_id: string | null };

/** A call for all payments of a large block would hold the JavaScript thread. */
const ROWS_PER_CALL = 500;

type Placed = OutPoint & ReturnType<typeof rowOfPlace>;
type Table = 'payments' | 'unassigned_payments' | 'refund_payouts';
const setPlaceIn = (table: Table): RunForEach<Placed> =>
  hotQueryForEach<Placed>()((db, { txid, vout, block_height, block_hash, missing_since, gone_reason, replaced_by, place }) =>
    db
      .updateTable(table)
      .set({ block_height, block_hash, missing_since, gone_reason, replaced_by, place })
      .where('txid', '=', txid)
      .where('vout', '=', vout),
  );
const SET_PLACE: Readonly<Record<Table, RunForEach<Placed>>> = {
  payments: setPlaceIn('payments'),
  unassigned_payments: setPlaceIn('unassigned_payments'),
  refund_payouts: setPlaceIn('refund_payouts'),
};

export class SqlPaymentPlaces implements PaymentPlaces {
  readonly #sql: SqlContext;
  readonly #table: Table;

  constructor(context: SqlContext, table: Table) {
    this.#sql = context;
    this.#table = table;
  }

  async unconfirmedPayments(): Promise<StoredPlace[]> {
    // Both places have a partial index.
    return [...(await this.#where(sql`place = 'mempool'`)), ...(await this.#where(sql`place = 'missing'`))];
  }

  async paymentsIn(txids: readonly Txid[]): Promise<StoredPlace[]> {
    const found: StoredPlace[] = [];
    for (const slice of slices(txids)) {
      found.push(...(await this.#where(sql`txid in (${sql.join(slice)})`)));
    }
    return found;
  }

  async txidsInBlocks(blocks: readonly BlockRef[]): Promise<Txid[]> {
    const txids: Txid[] = [];
    for (const { height, hash } of blocks) {
      const found = await this.#where(sql`block_height = ${height} and block_hash = ${hash}`);
      txids.push(...found.map(({ outPoint }) => outPoint.txid));
    }
    return txids;
  }

  async setPlace({ txid, vout }: OutPoint, place: PaymentPlace): Promise<void> {
    const columns = Object.entries(rowOfPlace(place)).map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
    await sql`update ${sql.table(this.#table)} set ${sql.join(columns)} where txid = ${txid} and vout = ${vout}`.execute(
      this.#sql.db,
    );
    this.#sql.changed();
  }

  async setPlaces(outPoints: readonly OutPoint[], place: PaymentPlace): Promise<void> {
    const row = rowOfPlace(place);
    for (const slice of slices(outPoints, ROWS_PER_CALL))
      await SET_PLACE[this.#table](
        this.#sql,
        slice.map(({ txid, vout }) => ({ ...row, txid, vout })),
      );
    this.#sql.changed();
  }

  async #where(condition: RawBuilder<unknown>): Promise<StoredPlace[]> {
    const orderId = this.#table === 'payments' ? sql`order_id` : sql`null as order_id`;
    const columns = sql`txid, vout, ${orderId}, place, block_height, block_hash, missing_since, gone_reason, replaced_by`;
    const { rows } = await sql<Row>`select ${columns} from ${sql.table(this.#table)} where ${condition}`.execute(this.#sql.db);
    return rows.map((row) => ({
      outPoint: { txid: row.txid as Txid, vout: Number(row.vout) },
      orderId: row.order_id === null ? undefined : (row.order_id as OrderId),
      place: placeFrom(row),
    }));
  }
}
