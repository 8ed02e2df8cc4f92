/**
 * Redelivers callbacks: makes them due now, with all their attempts before them. The delivery loop of this process is woken; that of
 * another process finds them by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
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

/** How many callbacks are made due in one transaction: about 20 ms of work. */
const PAGE = 100;
/**
 * How long a command pauses after each page, in milliseconds: a gateway that waits for SQLite's lock tries again after at most 50 ms
 * (docs/adr/0043).
 */
export const PAUSE_BESIDE_GATEWAY_MS = 60;

export interface ManyOptions {
  /** A new URL, as for {@link redeliverCallback}. */
  readonly url?: string | undefined;
  /** The pause after each page, in milliseconds, for a process beside the gateway. Default: none. */
  readonly pauseMs?: number;
}

/** Redelivers all callbacks that were given up since a time. The events of an order are sent in order. */
export async function redeliverFailed(
  context: RedeliveryContext,
  which: Pick<FailedQuery, 'endedSince' | 'posId' | 'endpoint'>,
  { url, pauseMs = 0 }: ManyOptions = {},
): Promise<ManyRedelivered> {
  let [due, busy] = [0, 0];
  let after: CallbackId | undefined;
  do {
    const { callbacks, searchedTo } = await context.store.callbacks.failedSince({ ...which, after, limit: PAGE });
    const ofPage = callbacks.length === 0 ? 0 : await makePageDue(context, callbacks, url);
    due += ofPage;
    busy += callbacks.length - ofPage;
    after = searchedTo;
    if (ofPage > 0) context.callbacksStored();
    // A search without a match writes nothing.
    if (after !== undefined) await sleep(callbacks.length === 0 ? 0 : pauseMs);
  } while (after !== undefined);
  return { due, busy };
}

/** @returns How many of these callbacks are due now; an event of the order of the others is being sent. */
async function makePageDue(
  { store, clock }: RedeliveryContext,
  page: readonly StoredCallback[],
  url: string | undefined,
): Promise<number> {
  return store.transaction(async (tx) => {
    await tx.orders.lockMany([...new Set(page.map(({ orderId }) => orderId))]);
    let due = 0;
    for (const callback of page) {
      // Nothing has changed if it returns false.
      if (!(await tx.callbacks.makeDue(callback.id, clock.now()))) continue;
      due += 1;
      if (url === undefined) continue;
      await tx.orders.setCallbackUrl(callback.orderId, url);
      await tx.callbacks.repoint(callback, url, clock.now());
    }
    return due;
  });
}
