import type { OrderId } from '../../../kernel/ids.ts';
import type { OrderNote, OrderNoteStore } from '../../ports/orders/order-note-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { noteColumns, noteFrom } from './note-columns.ts';

const rowOf = rowWriter<OrderNote, typeof noteColumns>(noteColumns);

export class SqlOrderNotes implements OrderNoteStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(note: OrderNote): Promise<void> {
    await this.#sql.db.insertInto('order_notes').values(rowOf(note)).execute();
  }

  async ofOrder(id: OrderId, limit: number): Promise<OrderNote[]> {
    const rows = await this.#sql.db
      .selectFrom('order_notes')
      .selectAll()
      .where('order_id', '=', id)
      .orderBy('at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(noteFrom);
  }
}
