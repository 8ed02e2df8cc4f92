/** The places of payments. Payments of orders and unassigned payments have separate tables with the same columns for them. */
import { sql, type RawBuilder } from 'kysely';
import type { BlockRef, OutPoint, Txid } from '../../../kernel/chain.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { PaymentPlace } from '../../../orders/order.ts';
import type { PaymentPlaces, StoredPlace } from '../../ports/payment-places.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import { placeFrom, rowOfPlace, type PlaceRow } from './place-columns.ts';

type Row = PlaceRow & { readonly order_id: string | null };

export class SqlPaymentPlaces implements PaymentPlaces {
  readonly #sql: SqlContext;
  readonly #table: 'payments' | 'unassigned_payments';

  constructor(context: SqlContext, table: 'payments' | 'unassigned_payments') {
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
