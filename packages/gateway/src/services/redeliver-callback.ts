/** Has a callback sent again, or sooner: it is due now, and all attempts are before it. The loop that sends them finds it by itself. */
import type { StoredCallback } from '../callbacks/callback.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import type { CallbackId } from '../kernel/ids.ts';
import type { ServiceContext } from './context.ts';

/** This callback cannot be sent again. */
class RedeliveryError extends OperatorError {
  override readonly name = 'RedeliveryError';
}

export interface Redelivery {
  readonly callback: StoredCallback;
  /** An earlier event of the same order that is still to be delivered, before which this one is not sent. */
  readonly waitsFor: CallbackId | undefined;
}

/** @throws RedeliveryError when there is none, nobody asked to be told, or an event of its order is being sent at this moment. */
export async function redeliverCallback(
  { store, clock }: Pick<ServiceContext, 'store' | 'clock'>,
  id: CallbackId,
): Promise<Redelivery> {
  return store.transaction(async (tx) => {
    const callback = await tx.callbacks.get(id);
    if (callback === undefined) throw new RedeliveryError(`callback: there is none with id ${id}`);
    if (callback.url === null)
      throw new RedeliveryError(`callback: expected one with a URL to send it to, got ${id}, of which nobody asked to be told`);
    await tx.orders.lock(callback.orderId);
    if (!(await tx.callbacks.makeDue(id, clock.now())))
      throw new RedeliveryError(
        `callback: an event of order ${callback.orderId} is being sent at this moment; try again in half a minute`,
      );
    const ofOrder = await tx.callbacks.ofOrder(callback.orderId);
    const earlier = ofOrder.find(({ sequence, delivery }) => sequence < callback.sequence && delivery.status === 'waiting');
    return { callback, waitsFor: earlier?.id };
  });
}
