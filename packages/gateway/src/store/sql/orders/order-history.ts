import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { HistoryEntry, OrderHistoryStore } from '../../ports/orders/order-history-store.ts';
import type { SqlContext } from '../sql-context.ts';
import { rowWriter } from '../columns.ts';
import { entryFrom, historyColumns } from './history-columns.ts';

const rowOf = rowWriter<HistoryEntry, typeof historyColumns>(historyColumns);

export class SqlOrderHistory implements OrderHistoryStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(entry: HistoryEntry): Promise<void> {
    await this.#sql.db.insertInto('order_history').values(rowOf(entry)).execute();
  }

  async ofOrder(id: OrderId): Promise<HistoryEntry[]> {
    const rows = await this.#sql.db
      .selectFrom('order_history')
      .selectAll()
      .where('order_id', '=', id)
      .orderBy('at')
      .orderBy('id')
      .execute();
    return rows.map(entryFrom);
  }

  async since(at: EpochMs, limit: number): Promise<HistoryEntry[]> {
    const rows = await this.#sql.db
      .selectFrom('order_history')
      .selectAll()
      .where('at', '>=', at)
      .orderBy('at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(entryFrom);
  }
}
