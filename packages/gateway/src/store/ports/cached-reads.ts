import type { BlockRef } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';

/**
 * What was read before and nobody can have changed since, told without a query; undefined where the store has to be asked. SQLite
 * tells of a change by another process by the next turn of the event loop at the latest; PostgreSQL has nothing at hand.
 */
export interface CachedReads {
  order(id: OrderId): Order | undefined;
  tip(): BlockRef | undefined;
}
