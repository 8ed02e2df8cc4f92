/**
 * How many orders each POS has in each state, kept beside the orders by whatever writes them, in the same transaction: counting a
 * million rows for every page of a list would take longer than all else about it.
 */
import { hotQuery } from '../hot-query.ts';
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

/** The changes of one transaction, written at its end. */
export class OrderCounts {
  readonly #changes = new Map<string, number>();

  /** One more order of a POS in this state, or one fewer. */
  note(posId: string, blockchainStatus: string, change: 1 | -1): void {
    const key = JSON.stringify([posId, blockchainStatus] satisfies Key);
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + change);
  }

  async write(context: SqlContext): Promise<void> {
    // Sorted, and all at the end, so that two transactions never wait for each other's rows.
    for (const [key, orders] of [...this.#changes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [posId, status] = JSON.parse(key) as Key;
      if (orders !== 0) await add(context, { posId, status, orders });
    }
    this.#changes.clear();
  }
}
