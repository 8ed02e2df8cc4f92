/** Cancels a pending order, for the shop that deletes it, the buyer who gives up, or somebody in the panel. */
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { cancel } from '../../orders/rules.ts';
import type { Actor } from '../../people/actor.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import type { OrderChangeContext } from '../context.ts';
import { saveSettled } from './save-settled.ts';

/**
 * Does nothing if the order is already cancelled: the first response may have been lost.
 *
 * @throws ContractError 3001 if the order does not exist, is paid, or has ended in another way.
 */
export function cancelOrder(context: OrderChangeContext, id: OrderId): Promise<void> {
  return cancelAnd(context, id, async () => {});
}

/** Cancels an order as `cancelOrder` does, and records who did it. */
export function cancelOrderAs(context: OrderChangeContext & AuditContext, actor: Actor, id: OrderId): Promise<void> {
  return cancelAnd(context, id, (tx) =>
    recordAction(context, tx, actor, {
      action: 'order.cancel',
      subject: { kind: 'order', id },
      before: { status: 'pending' },
      after: { status: 'cancelled' },
    }),
  );
}

async function cancelAnd(
  context: OrderChangeContext,
  id: OrderId,
  record: (tx: StoreTransaction) => Promise<void>,
): Promise<void> {
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
    const stored = await saveSettled(context, tx, [settled], at);
    await record(tx);
    return stored;
  });
  if (callbacks > 0) context.callbacksStored();
  context.ordersChanged([id]);
}
