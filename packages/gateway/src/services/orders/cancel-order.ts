/** Cancels an order that is still open, for the merchant who deletes it or the buyer who turns back. */
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { cancel } from '../../orders/rules.ts';
import type { OrderChangeContext } from '../context.ts';
import { saveSettled } from './save-settled.ts';

/**
 * Asked again for an order that is cancelled already, it does nothing: an answer may have been lost.
 *
 * @throws ContractError 3001 when the order is at another end, or paid.
 */
export async function cancelOrder(context: OrderChangeContext, id: OrderId): Promise<void> {
  const callbacks = await context.store.transaction(async (tx) => {
    const order = await tx.orders.lock(id);
    if (order === undefined) throw new ContractError('3001', 'there is no such payment order');
    if (order.state.status === 'cancelled') return 0;
    const now = context.clock.now();
    const tip = await tx.chain.tip();
    // Deadlines are the chain follower's to judge: none has come as far as this knows.
    const at = { tipHeight: tip?.height ?? 0, now, chainReadAt: order.terms.createdAt };
    const settled = cancel(order, at);
    if (settled === undefined)
      throw new ContractError('3001', `there is no open payment order: this one is ${order.state.status}`);
    return saveSettled(context, tx, settled, at);
  });
  if (callbacks > 0) context.callbacksStored();
  context.ordersChanged([id]);
}
