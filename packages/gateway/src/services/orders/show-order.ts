/** Reads everything that is stored about an order, for the panel and its API. */
import type { AttemptRecord, ListedCallback } from '../../callbacks/callback.ts';
import type { Account } from '../../merchants/account.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { OrderNote } from '../../store/ports/orders/order-note-store.ts';
import type { CheckedRefund } from '../../refunds/checked-refund.ts';
import type { HistoryEntry } from '../../store/ports/orders/order-history-store.ts';
import { checkedRefundsOf } from '../seals/checked-refund.ts';
import { requestOfBuyer, type RequestOfBuyer } from '../../refunds/request-of-buyer.ts';
import { MAX_NOTES } from './add-note.ts';
import { asOfNow, orderInContext, type AsOf } from './order-in-context.ts';
import { orderTimeline, type TimelineEntry } from './order-timeline.ts';
import type { OrderShowContext } from './read-order.ts';
import { shownAddress, type CheckedOrder } from './shown-address.ts';
import { visibleOrder, type OrderScope } from './visible-orders.ts';

export interface ShownOrder extends AsOf, CheckedOrder {
  readonly pos: Pos;
  readonly account: Pick<Account, 'id' | 'name'>;
  /** The oldest first. */
  readonly callbacks: readonly ListedCallback[];
  readonly history: readonly HistoryEntry[];
  readonly notes: readonly OrderNote[];
  readonly refundRequest: RequestOfBuyer | undefined;
  readonly refunds: readonly CheckedRefund[];
  readonly timeline: readonly TimelineEntry[];
}

/** An order has a handful of events. One that gets payment after payment could have any number: the attempts of the last ones are shown. */
const MAX_CALLBACKS = 25;
const MAX_ACTIONS = 100;

/** @returns Undefined if the order does not exist, or not for this viewer. */
export async function showOrder(context: OrderShowContext, viewer: OrderScope, id: string): Promise<ShownOrder | undefined> {
  const { store } = context;
  const order = await visibleOrder(context, viewer, id);
  if (order === undefined) return undefined;
  const orderId = order.terms.id;
  const at = await asOfNow(context);
  const { pos, account } = await orderInContext(context, store, order, at);
  const address = shownAddress(context, { order, pos, account });
  const callbacks = await store.callbacks.listedOfOrder(orderId);
  const withAttempts: { callback: ListedCallback; attempts: readonly AttemptRecord[] }[] = [];
  for (const callback of callbacks.slice(-MAX_CALLBACKS))
    withAttempts.push({ callback, attempts: callback.attempts === 0 ? [] : await store.callbacks.attempts(callback.id) });
  const history = await store.history.ofOrder(orderId);
  const notes = await store.notes.ofOrder(orderId, MAX_NOTES);
  const refunds = await checkedRefundsOf(context, orderId);
  const refundRequest = requestOfBuyer(refunds, await store.refundRequests.ofOrder(orderId));
  const actions = await store.audit.list({ subject: { kind: 'order', id: orderId }, before: undefined, limit: MAX_ACTIONS });
  const timeline = orderTimeline({
    order,
    callbacks: withAttempts,
    history,
    notes,
    actions: actions.toReversed(),
    refundRequest,
  });
  return { order, address, pos, account, ...at, callbacks, history, notes, refundRequest, refunds, timeline };
}
