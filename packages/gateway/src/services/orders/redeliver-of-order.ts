/** Redelivers a callback of an order for somebody in the panel, and records who did it. */
import type { CallbackId, OrderId } from '../../kernel/ids.ts';
import type { Actor } from '../../people/actor.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import { NoCallbackError } from '../callbacks/callback-log.ts';
import { redeliverCallback, type Redelivery } from '../callbacks/redeliver-callback.ts';
import type { OrderChangeContext } from '../context.ts';

/** @throws NoCallbackError if the order has no such callback; RedeliveryError as `redeliverCallback`. */
export async function redeliverOfOrder(
  context: OrderChangeContext & AuditContext,
  actor: Actor,
  orderId: OrderId,
  id: CallbackId,
): Promise<Redelivery> {
  const listed = await context.store.callbacks.listed(id);
  if (listed?.orderId !== orderId) throw new NoCallbackError(`order ${orderId} has no callback with id ${id}`);
  const redelivery = await redeliverCallback(context, id, undefined, (tx) =>
    recordAction(context, tx, actor, {
      action: 'callback.redeliver',
      subject: { kind: 'order', id: orderId },
      after: { callback: id, event: listed.event },
    }),
  );
  context.ordersChanged([orderId]);
  return redelivery;
}
