/**
 * Which orders a viewer sees. What a viewer does not see does not exist for that viewer. Somebody who sees the orders of today only sees
 * those of the present day of each order's POS.
 */
import type { EpochMs } from '../../kernel/clock.ts';
import { isUuidV4, type OrderId, type PosId } from '../../kernel/ids.ts';
import type { Order } from '../../orders/order.ts';
import { seesPos, type Viewer } from '../../people/viewer.ts';
import type { StoreContext } from '../context.ts';
import { PosDays } from '../merchants/pos-days.ts';

export type OrderScope = Pick<Viewer, 'posIds' | 'onlyToday'>;

/** Returns an order that the viewer sees. @param id As it stands in a path. */
export async function visibleOrder(context: StoreContext, viewer: OrderScope, id: string): Promise<Order | undefined> {
  const order = isUuidV4(id) ? await context.store.orders.get(id as OrderId) : undefined;
  if (order === undefined || !seesPos(viewer, order.terms.posId)) return undefined;
  return (await seenTimes(context, viewer, [order.terms.posId])).includes(order) ? order : undefined;
}

/** Returns the POS of a search within what the viewer sees; undefined: all. Empty if the viewer sees none of them. */
export function posIdsIn({ posIds }: OrderScope, asked: PosId | undefined): readonly PosId[] | undefined {
  if (asked === undefined) return posIds && [...posIds];
  return posIds === undefined || posIds.has(asked) ? [asked] : [];
}

/** When orders were created that a viewer sees. */
export interface SeenTimes {
  /** The first such time of any of the POS; undefined: any. */
  readonly since: EpochMs | undefined;
  readonly includes: (order: Pick<Order, 'terms'>) => boolean;
}

const ANY_TIME: SeenTimes = { since: undefined, includes: () => true };

/** @param posIds The POS that are asked for; undefined: all. */
export async function seenTimes(
  { store, clock }: Pick<StoreContext, 'store' | 'clock'>,
  { onlyToday }: OrderScope,
  posIds: readonly PosId[] | undefined,
): Promise<SeenTimes> {
  if (!onlyToday) return ANY_TIME;
  const days = await PosDays.read(store);
  const now = clock.now();
  return {
    since: days.earliestToday(posIds, now),
    includes: ({ terms }) => terms.createdAt >= days.todayOf(terms.posId, now),
  };
}
