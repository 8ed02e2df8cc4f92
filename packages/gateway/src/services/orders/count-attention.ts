/** Counts what needs attention, up to a bound. */
import { EVERY_ORDER } from '../../store/ports/order-search.ts';
import type { StoreContext } from '../context.ts';
import { posIdsIn, seenTimes, type OrderScope } from './visible-orders.ts';

const MAX_COUNTED = 50;
const MAX_SLICES = 3;

export interface BoundedCount {
  readonly count: number;
  /** Whether there are more, or may be. */
  readonly hasMore: boolean;
}

export async function countOrdersNeedingAttention(context: StoreContext, viewer: OrderScope): Promise<BoundedCount> {
  const posIds = posIdsIn(viewer, undefined);
  const times = await seenTimes(context, viewer, posIds);
  const { orders: found, searchedTo } = await context.store.orders.find({
    ...EVERY_ORDER,
    posIds,
    needsAttention: true,
    since: times.since,
    limit: MAX_COUNTED + 1,
    maxSlices: MAX_SLICES,
  });
  const orders = found.filter(times.includes);
  return { count: Math.min(orders.length, MAX_COUNTED), hasMore: found.length > MAX_COUNTED || searchedTo !== undefined };
}

export async function countUnassigned({ store }: Pick<StoreContext, 'store'>): Promise<BoundedCount> {
  const open = await store.unassigned.list({ accountId: undefined, open: true, limit: MAX_COUNTED + 1 });
  return { count: Math.min(open.length, MAX_COUNTED), hasMore: open.length > MAX_COUNTED };
}
