/**
 * Redelivers callbacks: makes them due now, with all their attempts before them. The delivery loop of this process is woken; that of
 * another process finds them by itself.
 */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { StoredCallback } from '../../callbacks/callback.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { FailedQuery } from '../../store/ports/callback-store.ts';
import type { RedeliveryContext } from '../context.ts';
import { NoCallbackError } from './callback-log.ts';

/** The callback cannot be redelivered. */
export class RedeliveryError extends OperatorError {
  override readonly name = 'RedeliveryError';
  /** `busy`: an event of its order is being sent now. `not_wanted`: it has no URL. */
  readonly reason: 'busy' | 'not_wanted';

  constructor(reason: RedeliveryError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Redelivery {
  readonly callback: StoredCallback;
  /** An earlier event of the same order that must be delivered first. */
  readonly blockedBy: CallbackId | undefined;
}

/**
 * @param url A new URL for this callback, for the others of its order that are waiting, and for the order's future events. The bodies
 *   do not change.
 * @throws NoCallbackError; RedeliveryError if it has no URL and none is given, or if an event of its order is being sent now.
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
      throw new RedeliveryError('not_wanted', `callback: expected one with a URL, got ${id}, which has none`);
    await tx.orders.lock(callback.orderId);
    if (url !== undefined) {
      await tx.orders.setCallbackUrl(callback.orderId, url);
      await tx.callbacks.repoint(callback, url, clock.now());
    }
    if (!(await tx.callbacks.makeDue(id, clock.now())))
      throw new RedeliveryError(
        'busy',
        `callback: an event of order ${callback.orderId} is being sent now; try again in half a minute`,
      );
    const ofOrder = await tx.callbacks.ofOrder(callback.orderId);
    const earlier = ofOrder.find(({ sequence, delivery }) => sequence < callback.sequence && delivery.status === 'waiting');
    return { callback, blockedBy: earlier?.id };
  });
}

export interface ManyRedelivered {
  readonly due: number;
  /** Not redelivered, because an event of their order was being sent. */
  readonly busy: number;
}

const PAGE = 100;

/** Redelivers all callbacks that were given up since a time. The events of an order are sent in order. */
export async function redeliverFailed(
  context: RedeliveryContext,
  which: Pick<FailedQuery, 'endedSince' | 'posId' | 'endpoint'>,
  url?: string,
): Promise<ManyRedelivered> {
  let [due, busy] = [0, 0];
  let after: CallbackId | undefined;
  do {
    const { callbacks, searchedTo } = await context.store.callbacks.failedSince({ ...which, after, limit: PAGE });
    for (const { id } of callbacks) {
      try {
        await makeDue(context, id, url);
        due += 1;
      } catch (error) {
        if (!(error instanceof RedeliveryError)) throw error;
        busy += 1;
      }
    }
    after = searchedTo;
    if (callbacks.length > 0) context.callbacksStored();
    await yieldToOthers();
  } while (after !== undefined);
  return { due, busy };
}
