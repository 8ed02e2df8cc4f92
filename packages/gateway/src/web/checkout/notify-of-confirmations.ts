/** Notifies the open pages of orders whose payments have another number of confirmations since the tip moved. */
import { errorMessage } from '../../kernel/error-message.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { OrderStreams } from '../shared/order-streams.ts';

/** Never rejects: a page that misses this shows the number when it next asks. */
export async function notifyOfConfirmations(
  streams: Pick<OrderStreams, 'openOrders' | 'notify'>,
  { orders }: Pick<StoreReads, 'orders'>,
  log: LoopLog,
): Promise<void> {
  const open = streams.openOrders();
  if (open.length === 0) return;
  try {
    streams.notify(await orders.watchedAmong(open));
  } catch (error) {
    log.warn({ reason: errorMessage(error) }, 'checkout: open pages could not be notified of a new block');
  }
}
