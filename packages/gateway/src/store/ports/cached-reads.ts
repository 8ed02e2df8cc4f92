import type { BlockRef } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';

/**
 * Cached values, returned without a query; undefined if the store has to be read. On SQLite, a change by another process invalidates
 * them by the next turn of the event loop. On PostgreSQL that takes milliseconds, at most {@link NOTIFICATION_LAG_MS}, and nothing is
 * cached while notifications are not trusted.
 */
export interface CachedReads {
  order(id: OrderId): Order | undefined;
  tip(): BlockRef | undefined;
  /** Drops orders that another process has changed, as somebody else than the store has found out. */
  dropOrders(ids: Iterable<OrderId>): void;
}
