/**
 * Redelivers all callbacks that were given up since a time, in pages, each in a transaction of its own. The events of an order are sent
 * in order. They become due together: once the first is being sent, the others could not.
 *
 * A page that the database refuses, for example because another program has locked it, is tried again. What was made due stays due, so
 * the same request continues there after an end half-way.
 */
import type { ListedCallback } from '../../callbacks/callback.ts';
import { endpointOf } from '../../callbacks/endpoint.ts';
import { MINUTE_MS, SECOND_MS } from '../../kernel/durations.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { pause } from '../../kernel/thread/in-pages.ts';
import type { FailedQuery } from '../../store/ports/callback-store.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { isStoreDown } from '../../store/store-down.ts';
import type { RedeliveryContext } from '../context.ts';
import { storeDownText } from '../store-down.ts';

export interface ManyRedelivered {
  readonly due: number;
  /** Not redelivered, because an event of their order was being sent. */
  readonly busy: number;
  /** Not redelivered, because their stored bodies are damaged. */
  readonly damaged: number;
}

export const NOTHING_REDELIVERED: ManyRedelivered = { due: 0, busy: 0, damaged: 0 };

/** How many callbacks are found for one transaction, which makes those of their orders due too: some 30 ms of work. */
const PAGE = 100;
/** How long a command pauses after each page: a gateway that waits for SQLite's lock gets it then (docs/adr/0067). */
export const PAUSE_BESIDE_GATEWAY_MS = 60;
const REFUSED_PAUSE_MS = SECOND_MS;
const GIVE_UP_AFTER_MS = MINUTE_MS;

export type FailedSince = Pick<FailedQuery, 'endedSince' | 'posId' | 'endpoint'>;

/** How far a redelivery is. */
export interface RedeliveryPlace extends ManyRedelivered {
  /** The search continues after this callback; undefined at the beginning and after the end. */
  readonly after: CallbackId | undefined;
}

/** Stores how far a redelivery is. */
export interface RedeliveryKeeper {
  /** Called at the beginning of the transaction of a page. */
  hold(tx: Pick<StoreReads, 'work'>): Promise<void>;
  /**
   * Called at the end of that transaction, or with the store itself if a page has found nothing. After the last page, the place has no
   * `after`.
   *
   * @throws to undo the page and end the redelivery.
   */
  keep(stored: Pick<StoreReads, 'work'>, place: RedeliveryPlace): Promise<void>;
}

export interface ManyOptions {
  /** A new URL for these callbacks, for the others of their orders that are waiting, and for the orders' future events. */
  readonly url?: string | undefined;
  /** The pause after each page, in milliseconds. Default: as long as the page took, so that other work of this process gets its time. */
  readonly pauseMs?: number;
  /** Ends it after the present page. */
  readonly signal?: AbortSignal;
  /** Called after each page. */
  readonly progress?: (sofar: ManyRedelivered) => void;
  /** Where an interrupted redelivery continues. */
  readonly from?: RedeliveryPlace;
  readonly keeper?: RedeliveryKeeper;
  /** Called when the database refuses a page, which is then tried again. */
  readonly refused?: (error: unknown, sofar: ManyRedelivered) => void;
  /** Default: after a minute of refusals. */
  readonly giveUpAfterMs?: number;
}

/** @throws OperatorError that says how far it came, if the database has refused a page for too long. */
export async function redeliverFailed(
  context: RedeliveryContext,
  which: FailedSince,
  { url, pauseMs, signal = new AbortController().signal, ...options }: ManyOptions = {},
): Promise<ManyRedelivered> {
  let { after, ...sofar }: RedeliveryPlace = options.from ?? { ...NOTHING_REDELIVERED, after: undefined };
  while (!signal.aborted) {
    const beganMs = performance.now();
    const query = { ...which, after, limit: PAGE };
    const keeping = options.keeper && { keeper: options.keeper, before: sofar };
    const page = await untilAccepted(() => redeliverPage(context, query, { url, keeping }), sofar, signal, options);
    if (page === undefined) break;
    sofar = sum(sofar, page.redelivered);
    if (page.redelivered.due > 0) context.callbacksStored();
    options.progress?.(sofar);
    after = page.searchedTo;
    if (after === undefined) break;
    // A search without a match writes nothing.
    await pause(page.found === 0 ? 0 : (pauseMs ?? performance.now() - beganMs), signal);
  }
  return sofar;
}

/** Tries until the database does not refuse any more; undefined if the signal is aborted meanwhile. */
async function untilAccepted<T>(
  work: () => Promise<T>,
  sofar: ManyRedelivered,
  signal: AbortSignal,
  { refused, giveUpAfterMs = GIVE_UP_AFTER_MS }: ManyOptions,
): Promise<T | undefined> {
  const beganMs = performance.now();
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreDown(error)) throw error;
      if (performance.now() - beganMs > giveUpAfterMs) throw endedHalfway(error, sofar);
      refused?.(error, sofar);
      await pause(REFUSED_PAUSE_MS, signal);
    }
  }
  return undefined;
}

function endedHalfway(cause: unknown, { due }: ManyRedelivered): OperatorError {
  const text = `${due} callbacks are due; the others are still given up, and the same request continues with them`;
  return new OperatorError(`${text}. ${storeDownText(cause) ?? ''}`, { cause });
}

interface Page {
  readonly redelivered: ManyRedelivered;
  readonly found: number;
  readonly searchedTo: CallbackId | undefined;
}

interface PageOptions {
  readonly url: string | undefined;
  readonly keeping: { readonly keeper: RedeliveryKeeper; readonly before: ManyRedelivered } | undefined;
}

async function redeliverPage(
  { store, clock }: RedeliveryContext,
  query: FailedQuery,
  { url, keeping }: PageOptions,
): Promise<Page> {
  const { callbacks, searchedTo } = await store.callbacks.failedSince(query);
  const keep = async (stored: Pick<StoreReads, 'work'>, done: ManyRedelivered): Promise<void> =>
    keeping?.keeper.keep(stored, { ...sum(keeping.before, done), after: searchedTo });
  if (callbacks.length === 0) {
    await keep(store, NOTHING_REDELIVERED);
    return { redelivered: NOTHING_REDELIVERED, found: 0, searchedTo };
  }
  const ofPage = new Set(callbacks.map(({ id }) => id));
  const orderIds = [...new Set(callbacks.map(({ orderId }) => orderId))];
  const redelivered = await store.transaction(async (tx) => {
    await keeping?.keeper.hold(tx);
    await tx.orders.lockMany(orderIds);
    const { due, busy, damaged } = await tx.callbacks.makeDue(orderIds, (callback) => hasFailed(callback, query), clock.now());
    if (url !== undefined)
      for (const callback of due) {
        await tx.orders.setCallbackUrl(callback.orderId, url);
        await tx.callbacks.repoint(callback, url, clock.now());
      }
    // The others are on pages of their own.
    const counted = (some: readonly ListedCallback[]): number => some.filter(({ id }) => ofPage.has(id)).length;
    const result = { due: due.length, busy: counted(busy), damaged: counted(damaged) };
    await keep(tx, result);
    return result;
  });
  return { redelivered, found: callbacks.length, searchedTo };
}

function hasFailed({ delivery, posId, url }: ListedCallback, which: FailedSince): boolean {
  return (
    delivery.status === 'failed' &&
    delivery.at >= which.endedSince &&
    posId === (which.posId ?? posId) &&
    (which.endpoint === undefined || (url !== null && endpointOf(url) === which.endpoint))
  );
}

function sum(a: ManyRedelivered, b: ManyRedelivered): ManyRedelivered {
  return { due: a.due + b.due, busy: a.busy + b.busy, damaged: a.damaged + b.damaged };
}
