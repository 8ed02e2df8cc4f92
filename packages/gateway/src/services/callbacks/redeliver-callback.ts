/**
 * Redelivers a callback: makes it due now, with all its attempts before it. The delivery loop of this process is woken; that of another
 * process finds it by itself.
 */
import type { ListedCallback } from '../../callbacks/callback.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { RedeliveryContext } from '../context.ts';
import { NoCallbackError } from './callback-log.ts';

/** The callback cannot be redelivered. */
export class RedeliveryError extends OperatorError {
  override readonly name = 'RedeliveryError';
  /** `busy`: an event of its order is being sent now. `not_wanted`: it has no URL. `damaged`: its stored body cannot be read. */
  readonly reason: 'busy' | 'not_wanted' | 'damaged';

  constructor(reason: RedeliveryError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Redelivery {
  readonly callback: ListedCallback;
  /** An earlier event of the same order that must be delivered first. */
  readonly blockedBy: CallbackId | undefined;
}

/**
 * @param url A new URL for this callback, for the others of its order that are waiting, and for the order's future events. The bodies
 *   do not change.
 * @param record Records in the same transaction who did it.
 * @throws NoCallbackError; RedeliveryError if it has no URL and none is given, if an event of its order is being sent now, or if its
 *   body is damaged.
 */
export async function redeliverCallback(
  context: RedeliveryContext,
  id: CallbackId,
  url?: string,
  record?: (tx: StoreTransaction) => Promise<void>,
): Promise<Redelivery> {
  const redelivery = await makeDue(context, id, url, record);
  context.callbacksStored();
  return redelivery;
}

async function makeDue(
  { store, clock }: Pick<RedeliveryContext, 'store' | 'clock'>,
  id: CallbackId,
  url: string | undefined,
  record: ((tx: StoreTransaction) => Promise<void>) | undefined,
): Promise<Redelivery> {
  return store.transaction(async (tx) => {
    const callback = await tx.callbacks.listed(id);
    if (callback === undefined) throw new NoCallbackError(`no callback with id ${id}`);
    if (callback.url === null && url === undefined)
      throw new RedeliveryError('not_wanted', `callback: expected one with a URL, got ${id}, which has none`);
    await tx.orders.lock(callback.orderId);
    if (url !== undefined) {
      await tx.orders.setCallbackUrl(callback.orderId, url);
      await tx.callbacks.repoint(callback, url, clock.now());
    }
    const { busy, damaged } = await tx.callbacks.makeDue([callback.orderId], (one) => one.id === id, clock.now());
    if (busy.length > 0)
      throw new RedeliveryError(
        'busy',
        `callback: an event of order ${callback.orderId} is being sent now; try again in half a minute`,
      );
    if (damaged.length > 0) throw new RedeliveryError('damaged', `callback: the stored body of ${id} is damaged`);
    await record?.(tx);
    const ofOrder = await tx.callbacks.listedOfOrder(callback.orderId);
    const earlier = ofOrder.find(({ sequence, delivery }) => sequence < callback.sequence && delivery.status === 'waiting');
    return { callback, blockedBy: earlier?.id };
  });
}
