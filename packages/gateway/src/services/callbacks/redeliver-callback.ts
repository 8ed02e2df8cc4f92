/** Has callbacks sent again, or sooner: they are due now, and all attempts are before them. The loop that sends them is told; in another process it finds them by itself. */
import type { StoredCallback } from '../../callbacks/callback.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { FailedQuery } from '../../store/ports/callback-store.ts';
import type { RedeliveryContext } from '../context.ts';
import { NoCallbackError } from './callback-log.ts';

/** This callback cannot be sent again. */
export class RedeliveryError extends OperatorError {
  override readonly name = 'RedeliveryError';
  /** Busy: an event of its order is being sent at this moment. */
  readonly reason: 'busy' | 'not_wanted';

  constructor(reason: RedeliveryError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Redelivery {
  readonly callback: StoredCallback;
  /** An earlier event of the same order that is still to be delivered, before which this one is not sent. */
  readonly blockedBy: CallbackId | undefined;
}

/**
 * @param url Where it goes instead, and with it whatever else of its order waits or is still to happen. The bodies stay as they are.
 * @throws NoCallbackError; RedeliveryError when it has no URL and none is given, or an event of its order is being sent at this moment.
 */
export async function redeliverCallback(context: RedeliveryContext, id: CallbackId, url?: string): Promise<Redelivery> {
  const redelivery = await makeDue(context, id, url);
  context.callbacksStored();
  return redelivery;
}

async function makeDue(
  { store, clock }: Pick<RedeliveryContext, 'store' | 'clock'>,
  id: CallbackId,
  url: string | undefined,
): Promise<Redelivery> {
  return store.transaction(async (tx) => {
    const callback = await tx.callbacks.get(id);
    if (callback === undefined) throw new NoCallbackError(`no callback with id ${id}`);
    if (callback.url === null && url === undefined)
      throw new RedeliveryError(
        'not_wanted',
        `callback: expected one with a URL to send it to, got ${id}, which nobody asked for`,
      );
    await tx.orders.lock(callback.orderId);
    if (url !== undefined) {
      await tx.orders.setCallbackUrl(callback.orderId, url);
      await tx.callbacks.repoint(callback, url, clock.now());
    }
    if (!(await tx.callbacks.makeDue(id, clock.now())))
      throw new RedeliveryError(
        'busy',
        `callback: an event of order ${callback.orderId} is being sent at this moment; try again in half a minute`,
      );
    const ofOrder = await tx.callbacks.ofOrder(callback.orderId);
    const earlier = ofOrder.find(({ sequence, delivery }) => sequence < callback.sequence && delivery.status === 'waiting');
    return { callback, blockedBy: earlier?.id };
  });
}

export interface ManyRedelivered {
  readonly due: number;
  /** An event of their order was being sent at that moment. */
  readonly busy: number;
}

const PAGE = 100;

/** Has all callbacks sent again that were given up since a time; the order of the events of an order stays. */
export async function redeliverFailed(
  context: RedeliveryContext,
  which: Pick<FailedQuery, 'endedSince' | 'posId' | 'endpoint'>,
  url?: string,
): Promise<ManyRedelivered> {
  let [due, busy] = [0, 0];
  let after: CallbackId | undefined;
  for (;;) {
    const page = await context.store.callbacks.failedSince({ ...which, after, limit: PAGE });
    for (const { id } of page) {
      try {
        await makeDue(context, id, url);
        due += 1;
      } catch (error) {
        if (!(error instanceof RedeliveryError)) throw error;
        busy += 1;
      }
    }
    after = page.at(-1)?.id;
    if (page.length > 0) context.callbacksStored();
    if (page.length < PAGE) return { due, busy };
  }
}
