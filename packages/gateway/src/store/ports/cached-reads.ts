import type { BlockRef } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';

/**
 * Cached values, returned without a query; undefined if the store has to be read. On SQLite, a change by another process invalidates
 * them by the next turn of the event loop. On PostgreSQL nothing is cached.
 */
export interface CachedReads {
  order(id: OrderId): Order | undefined;
  tip(): BlockRef | undefined;
}
