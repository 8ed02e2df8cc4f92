/** Cancels a pending order, for the merchant who deletes it or the buyer who gives up. */
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { cancel } from '../../orders/rules.ts';
import type { OrderChangeContext } from '../context.ts';
import { saveSettled } from './save-settled.ts';

/**
 * Does nothing if the order is already cancelled: the first response may have been lost.
 *
 * @throws ContractError 3001 if the order does not exist, is paid, or has ended in another way.
 */
export async function cancelOrder(context: OrderChangeContext, id: OrderId): Promise<void> {
  const callbacks = await context.store.transaction(async (tx) => {
    const order = await tx.orders.lock(id);
    if (order === undefined) throw new ContractError('3001', 'payment order not found');
    if (order.state.status === 'cancelled') return 0;
    const now = context.clock.now();
    const tip = await tx.chain.tip();
    // No deadline is due here: only the chain follower knows up to when the chain has been read.
    const at = { tipHeight: tip?.height ?? 0, now, chainReadAt: order.terms.createdAt };
    const settled = cancel(order, at);
    if (settled === undefined)
      throw new ContractError('3001', `there is no pending payment order: this one is ${order.state.status}`);
    return saveSettled(context, tx, settled, at);
  });
  if (callbacks > 0) context.callbacksStored();
  context.ordersChanged([id]);
}
