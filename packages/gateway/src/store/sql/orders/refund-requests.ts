import type { OrderId } from '../../../kernel/ids.ts';
import type { RefundRequest } from '../../../refunds/request-of-buyer.ts';
import type { RefundRequestStore } from '../../ports/refunds/refund-request-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { refundColumns, refundRequestFrom } from './refund-columns.ts';

const rowOf = rowWriter<RefundRequest, typeof refundColumns>(refundColumns);

export class SqlRefundRequests implements RefundRequestStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async put(request: RefundRequest): Promise<void> {
    const { order_id: _, ...changing } = rowOf(request);
    await this.#sql.db
      .insertInto('refund_requests')
      .values(rowOf(request))
      .onConflict((conflict) => conflict.column('order_id').doUpdateSet(changing))
      .execute();
  }

  async ofOrder(id: OrderId): Promise<RefundRequest | undefined> {
    const row = await this.#sql.db.selectFrom('refund_requests').selectAll().where('order_id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : refundRequestFrom(row);
  }

  async page(before: OrderId | undefined, limit: number): Promise<RefundRequest[]> {
    const rows = await this.#sql.db
      .selectFrom('refund_requests')
      .selectAll()
      .$if(before !== undefined, (query) => query.where('order_id', '<', before ?? ''))
      .orderBy('order_id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => refundRequestFrom(row));
  }
}
