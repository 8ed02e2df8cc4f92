import { sql } from 'kysely';
import type { CallbackEvent } from '@webpos/sdk/wire';
import { epochMs } from '../../../kernel/clock.ts';
import type { OrderId, PosId } from '../../../kernel/ids.ts';
import { sats } from '../../../kernel/sats.ts';
import { parseCurrency } from '../../../orders/currency.ts';
import type { SalesEvent, SalesPage, SalesStore } from '../../ports/reports/sales-store.ts';
import type { SqlContext } from '../sql-context.ts';

export class SqlSales implements SalesStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async events({ from, until, after, limit }: SalesPage): Promise<SalesEvent[]> {
    // The page before the join, so that no database sorts more rows than a page has.
    const page = this.#sql.db
      .selectFrom('callbacks')
      .select(['created_at', 'order_id', 'sequence', 'pos_id', 'event'])
      .where('created_at', '>=', after?.at ?? from)
      .where('created_at', '<', until)
      .$if(after !== undefined, (query) =>
        query.where(sql<boolean>`(created_at, order_id, sequence) > (${after?.at}, ${after?.orderId}, ${after?.sequence})`),
      )
      .orderBy('created_at')
      .orderBy('order_id')
      .orderBy('sequence')
      .limit(limit);
    const rows = await this.#sql.db
      .selectFrom(page.as('slice'))
      .innerJoin('orders', 'orders.id', 'slice.order_id')
      .selectAll('slice')
      .select(['orders.currency', 'orders.fiat_minor_units', 'orders.amount_sats'])
      .orderBy('slice.created_at')
      .orderBy('slice.order_id')
      .orderBy('slice.sequence')
      .execute();
    return rows.map((row) => ({
      at: epochMs(Number(row.created_at)),
      orderId: row.order_id as OrderId,
      sequence: Number(row.sequence),
      posId: row.pos_id as PosId,
      event: row.event as CallbackEvent,
      fiat: { currency: parseCurrency(row.currency), minorUnits: BigInt(row.fiat_minor_units) },
      amount: sats(BigInt(row.amount_sats)),
    }));
  }
}
