/**
 * Redelivers callbacks: makes them due now, with all their attempts before them. The delivery loop of this process is woken; that of
 * another process finds them by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredCallback } from '../../callbacks/callback.ts';
import { endpointOf } from '../../callbacks/endpoint.ts';
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

/** How many callbacks are found for one transaction, which makes those of their orders due too: some 30 ms of work. */
const PAGE = 50;
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

type Which = Pick<FailedQuery, 'endedSince' | 'posId' | 'endpoint'>;

/**
 * Redelivers all callbacks that were given up since a time. The events of an order are sent in order. They become due together: once
 * the first is being sent, the others could not.
 */
export async function redeliverFailed(
  context: RedeliveryContext,
  which: Which,
  { url, pauseMs = 0 }: ManyOptions = {},
): Promise<ManyRedelivered> {
  let [due, busy] = [0, 0];
  let after: CallbackId | undefined;
  do {
    const { callbacks, searchedTo } = await context.store.callbacks.failedSince({ ...which, after, limit: PAGE });
    const ofPage = await makePageDue(context, callbacks, which, url);
    due += ofPage.due;
    busy += ofPage.busy;
    after = searchedTo;
    if (ofPage.due > 0) context.callbacksStored();
    // A search without a match writes nothing.
    if (after !== undefined) await sleep(callbacks.length === 0 ? 0 : pauseMs);
  } while (after !== undefined);
  return { due, busy };
}

async function makePageDue(
  { store, clock }: RedeliveryContext,
  page: readonly StoredCallback[],
  which: Which,
  url: string | undefined,
): Promise<ManyRedelivered> {
  if (page.length === 0) return { due: 0, busy: 0 };
  return store.transaction(async (tx) => {
    const ofPage = new Set(page.map(({ id }) => id));
    const orderIds = [...new Set(page.map(({ orderId }) => orderId))];
    await tx.orders.lockMany(orderIds);
    let [due, busy] = [0, 0];
    for (const orderId of orderIds) {
      const failed = (await tx.callbacks.ofOrder(orderId)).filter((callback) => hasFailed(callback, which));
      for (const callback of failed) {
        // Nothing has changed if it returns false.
        if (!(await tx.callbacks.makeDue(callback.id, clock.now()))) {
          if (ofPage.has(callback.id)) busy += 1;
          continue;
        }
        due += 1;
        if (url === undefined) continue;
        await tx.orders.setCallbackUrl(orderId, url);
        await tx.callbacks.repoint(callback, url, clock.now());
      }
    }
    return { due, busy };
  });
}

function hasFailed({ delivery, posId, url }: StoredCallback, which: Which): boolean {
  return (
    delivery.status === 'failed' &&
    delivery.at >= which.endedSince &&
    posId === (which.posId ?? posId) &&
    (which.endpoint === undefined || (url !== null && endpointOf(url) === which.endpoint))
  );
}
