import { sql } from 'kysely';
import type { PaymentRecord, StoredOrderRecord } from '../../../reports/records.ts';
import type { OrderReportPage, PaymentPage, ReportStore } from '../../ports/reports/report-store.ts';
import type { SqlContext } from '../sql-context.ts';
import { orderRecordFrom, paymentRecordFrom, REPORTED_ORDER, REPORTED_PAYMENT } from './columns.ts';

export class SqlReports implements ReportStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async payments({ from, until, after, limit }: PaymentPage): Promise<PaymentRecord[]> {
    // The page before the join, so that no database sorts more rows than a page has.
    const page = this.#sql.db
      .selectFrom('payments')
      .select(REPORTED_PAYMENT)
      .where('first_seen_at', '>=', after?.firstSeenAt ?? from)
      .where('first_seen_at', '<', until)
      .$if(after !== undefined, (query) =>
        query.where(
          sql<boolean>`(first_seen_at, txid, vout) > (${after?.firstSeenAt}, ${after?.outPoint.txid}, ${after?.outPoint.vout})`,
        ),
      )
      .orderBy('first_seen_at')
      .orderBy('txid')
      .orderBy('vout')
      .limit(limit);
    const rows = await this.#sql.db
      .selectFrom(page.as('page'))
      .innerJoin('orders', 'orders.id', 'page.order_id')
      .selectAll('page')
      .select(REPORTED_ORDER)
      .orderBy('page.first_seen_at')
      .orderBy('page.txid')
      .orderBy('page.vout')
      .execute();
    return rows.map(paymentRecordFrom);
  }

  async orders({ posId, from, until, after, limit }: OrderReportPage): Promise<StoredOrderRecord[]> {
    const rows = await this.#sql.db
      .selectFrom('orders')
      .select(REPORTED_ORDER)
      .select(['orders.account_id', 'orders.address_index', 'orders.address', 'orders.script', 'orders.address_seal'])
      .select((eb) => [
        eb
          .selectFrom('payments')
          .select((inner) => inner.fn.countAll().as('payments'))
          .whereRef('payments.order_id', '=', 'orders.id')
          .where('payments.place', '<>', 'gone')
          .as('payments'),
        eb
          .selectFrom('payments')
          .select((inner) => inner.fn.sum('amount_sats').as('received'))
          .whereRef('payments.order_id', '=', 'orders.id')
          .where('payments.place', '<>', 'gone')
          .as('received'),
      ])
      .where('pos_id', '=', posId)
      .where('created_at', '>=', after?.createdAt ?? from)
      .where('created_at', '<', until)
      .$if(after !== undefined, (query) => query.where(sql<boolean>`(created_at, id) > (${after?.createdAt}, ${after?.id})`))
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(orderRecordFrom);
  }
}
