/** Searches for orders, for the panel, its API and the commands: one page of those that the viewer sees. */
import type { BlockchainStatus } from '@webpos/sdk/wire';
import type { Network } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import type { StoreContext } from '../context.ts';
import { matchesOf } from './order-search.ts';
import { posIdsIn, seenTimes, type OrderScope } from './visible-orders.ts';

/** A property that is undefined matches everything. */
export interface OrderFilters {
  /** A UUID or its first eight characters, a reference, an address, a transaction id or an amount. */
  readonly text: string | undefined;
  readonly posId: PosId | undefined;
  readonly blockchainStatus: BlockchainStatus | undefined;
  readonly needsAttention: boolean;
  readonly since: EpochMs | undefined;
  readonly until: EpochMs | undefined;
  /** The order before which the page begins. */
  readonly before: OrderId | undefined;
  /** The order after which the page begins. At most one of the two is given. */
  readonly after: OrderId | undefined;
  readonly limit: number;
}

export interface OrdersPage {
  /** The newest first. */
  readonly orders: readonly Order[];
  readonly tipHeight: number;
  /** Begins the page of older orders, as `before`; undefined on the last one. */
  readonly older: OrderId | undefined;
  /** Begins the page of newer orders, as `after`; undefined on the first one. */
  readonly newer: OrderId | undefined;
  /** Whether the search was cut off before the page was full. It continues with the next page. */
  readonly isCutOff: boolean;
}

export interface OrderSearchContext extends Pick<StoreContext, 'store' | 'clock'> {
  readonly network: Network;
}

/** About 20 ms of filtering, for somebody who waits for a page. */
const MAX_SLICES = 6;

/** @returns Undefined if no order exists before or after which the page could begin. */
export async function searchOrders(
  context: OrderSearchContext,
  viewer: OrderScope,
  { text, posId, since, limit, ...filters }: OrderFilters,
): Promise<OrdersPage | undefined> {
  const { store, network } = context;
  const { before, after } = filters;
  const cursor = before ?? after;
  if (cursor !== undefined && (await store.orders.get(cursor)) === undefined) return undefined;
  const posIds = posIdsIn(viewer, posId);
  const times = await seenTimes(context, viewer, posIds);
  const { orders: found, searchedTo } = await store.orders.find({
    ...filters,
    posIds,
    since: later(since, times.since),
    matches: text === undefined ? undefined : matchesOf(text, network),
    // One more row shows whether there is another page.
    limit: limit + 1,
    maxSlices: MAX_SLICES,
  });
  const hasMore = found.length > limit;
  // The extra row is the one farthest from the cursor.
  const page = after === undefined ? found.slice(0, limit) : found.slice(hasMore ? 1 : 0);
  const [first, last] = [page[0]?.terms.id, page.at(-1)?.terms.id];
  const tip = await store.chain.tip();
  return {
    // The days of some POS begin later than those of others.
    orders: page.filter(times.includes),
    tipHeight: tip?.height ?? 0,
    older: after !== undefined ? (last ?? after) : hasMore ? last : searchedTo,
    newer: after === undefined ? before && (first ?? before) : hasMore ? first : searchedTo,
    isCutOff: searchedTo !== undefined,
  };
}

function later(one: EpochMs | undefined, other: EpochMs | undefined): EpochMs | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}
