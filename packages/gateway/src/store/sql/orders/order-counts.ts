/**
 * The number of orders of each POS by status, stored beside the orders and updated in the same transaction. Counting a million rows for
 * every page of a list would take longer than reading the page.
 */
import { hotQuery } from '../hot-query.ts';
import type { OrderMove } from '../order-lists/list-marks.ts';
import type { SqlContext } from '../sql-context.ts';

type Key = readonly [posId: string, blockchainStatus: string];

const add = hotQuery<{ posId: string; status: string; orders: number }>()((db, { posId, status, orders }) =>
  db
    .insertInto('order_counts')
    .values({ pos_id: posId, blockchain_status: status, orders })
    .onConflict((conflict) =>
      conflict
        .columns(['pos_id', 'blockchain_status'])
        .doUpdateSet((eb) => ({ orders: eb('order_counts.orders', '+', eb.ref('excluded.orders')) })),
    ),
);

/** Collects the changes of one transaction, to write them at its end. */
export class OrderCounts {
  readonly #changes = new Map<string, number>();

  note({ terms: { posId }, before, after }: OrderMove): void {
    if (before !== undefined) this.#add(posId, before, -1);
    this.#add(posId, after, 1);
  }

  #add(posId: string, blockchainStatus: string, change: 1 | -1): void {
    const key = JSON.stringify([posId, blockchainStatus] satisfies Key);
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + change);
  }

  async write(context: SqlContext): Promise<void> {
    // Sorted, and all at the end, so that transactions cannot deadlock.
    for (const [key, orders] of [...this.#changes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [posId, status] = JSON.parse(key) as Key;
      if (orders !== 0) await add(context, { posId, status, orders });
    }
    this.#changes.clear();
  }
}
