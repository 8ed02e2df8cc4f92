/** Notifies the open pages of orders whose payments, or those of their refunds, have another number of confirmations since the tip moved. */
import { errorMessage } from '../../kernel/error-message.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { OrderStreams } from '../shared/order-streams.ts';

/** Never rejects: a page that misses this shows the number when it next asks. */
export async function notifyOfConfirmations(
  streams: Pick<OrderStreams, 'openOrders' | 'notify'>,
  { orders, refunds }: Pick<StoreReads, 'orders' | 'refunds'>,
  log: LoopLog,
): Promise<void> {
  const open = streams.openOrders();
  if (open.length === 0) return;
  try {
    streams.notify(await orders.watchedAmong(open));
    const ofOpen = await refunds.ofOrders(open);
    streams.notify(ofOpen.filter(({ state }) => state.status === 'seen').map(({ orderId }) => orderId));
  } catch (error) {
    log.warn({ reason: errorMessage(error) }, 'checkout: open pages could not be notified of a new block');
  }
}
