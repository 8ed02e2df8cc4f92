/** Which orders a viewer sees. What a viewer does not see does not exist for that viewer. */
import type { EpochMs } from '../../kernel/clock.ts';
import { isUuidV4, type OrderId, type PosId } from '../../kernel/ids.ts';
import { startOfDay } from '../../kernel/time/utc-day.ts';
import type { Order } from '../../orders/order.ts';
import { seesPos, type Viewer } from '../../people/viewer.ts';
import type { StoreContext } from '../context.ts';

export type OrderScope = Pick<Viewer, 'posIds' | 'onlyToday'>;

function seesOrder(viewer: OrderScope, { terms }: Pick<Order, 'terms'>, now: EpochMs): boolean {
  return seesPos(viewer, terms.posId) && (!viewer.onlyToday || terms.createdAt >= startOfDay(now));
}

/** Returns an order that the viewer sees. @param id As it stands in a path. */
export async function visibleOrder({ store, clock }: StoreContext, viewer: OrderScope, id: string): Promise<Order | undefined> {
  const order = isUuidV4(id) ? await store.orders.get(id as OrderId) : undefined;
  return order !== undefined && seesOrder(viewer, order, clock.now()) ? order : undefined;
}

/** Returns the POS of a search within what the viewer sees; undefined: all. Empty if the viewer sees none of them. */
export function posIdsIn({ posIds }: OrderScope, asked: PosId | undefined): readonly PosId[] | undefined {
  if (asked === undefined) return posIds && [...posIds];
  return posIds === undefined || posIds.has(asked) ? [asked] : [];
}

/** Returns since when the viewer sees orders, or the later time that is asked for. */
export function sinceIn({ onlyToday }: OrderScope, asked: EpochMs | undefined, now: EpochMs): EpochMs | undefined {
  if (!onlyToday) return asked;
  const today = startOfDay(now);
  return asked === undefined || asked < today ? today : asked;
}
