/** Counts what needs attention, up to a bound. */
import { EVERY_ORDER } from '../../store/ports/order-search.ts';
import type { StoreContext } from '../context.ts';
import { posIdsIn, sinceIn, type OrderScope } from './visible-orders.ts';

const MAX_COUNTED = 50;
const MAX_SLICES = 3;

export interface BoundedCount {
  readonly count: number;
  /** Whether there are more, or may be. */
  readonly hasMore: boolean;
}

export async function countOrdersNeedingAttention({ store, clock }: StoreContext, viewer: OrderScope): Promise<BoundedCount> {
  const { orders, searchedTo } = await store.orders.find({
    ...EVERY_ORDER,
    posIds: posIdsIn(viewer, undefined),
    needsAttention: true,
    since: sinceIn(viewer, undefined, clock.now()),
    limit: MAX_COUNTED + 1,
    maxSlices: MAX_SLICES,
  });
  return { count: Math.min(orders.length, MAX_COUNTED), hasMore: orders.length > MAX_COUNTED || searchedTo !== undefined };
}

export async function countUnassigned({ store }: Pick<StoreContext, 'store'>): Promise<BoundedCount> {
  const open = await store.unassigned.list({ accountId: undefined, open: true, limit: MAX_COUNTED + 1 });
  return { count: Math.min(open.length, MAX_COUNTED), hasMore: open.length > MAX_COUNTED };
}
