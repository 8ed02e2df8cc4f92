/** Lists callbacks, their attempts and their endpoints, for the commands, the panel and its API. */
import type { AttemptRecord, ListedCallback, StoredCallback } from '../../callbacks/callback.ts';
import type { EndpointState } from '../../callbacks/endpoint.ts';
import { queueKey } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { nextTurn } from '../../kernel/thread/turns.ts';
import type { CallbackQuery, CallbackQueue } from '../../store/ports/callback-store.ts';
import type { GuardedContext, StoreContext } from '../context.ts';
import { checkedCallbacks } from './checked-body.ts';

type Context = Pick<StoreContext, 'store'>;

export class NoCallbackError extends OperatorError {
  override readonly name = 'NoCallbackError';
}

export interface CallbackPage {
  readonly callbacks: readonly ListedCallback[];
  /** The callback before which the next page begins; undefined if this is the last page. It need not be on this page. */
  readonly next: CallbackId | undefined;
  /** Whether the search was cut off before the page was full. */
  readonly isCutOff: boolean;
}

/** How many steps of a search one request takes: about half a million callbacks. */
const MAX_STEPS = 250;

/** Returns one page of callbacks, newest first. */
export async function listCallbacks(
  { store }: Context,
  query: CallbackQuery,
  maxSteps: number = MAX_STEPS,
): Promise<CallbackPage> {
  const found: ListedCallback[] = [];
  let searchedTo = query.before;
  for (let steps = 0; steps < maxSteps; steps += 1) {
    // One more row shows whether there is another page.
    const slice = await store.callbacks.list({ ...query, before: searchedTo, limit: query.limit + 1 - found.length });
    found.push(...slice.callbacks);
    searchedTo = slice.searchedTo;
    if (found.length > query.limit) {
      const callbacks = found.slice(0, query.limit);
      return { callbacks, next: callbacks.at(-1)?.id, isCutOff: false };
    }
    if (searchedTo === undefined) return { callbacks: found, next: undefined, isCutOff: false };
    await nextTurn();
  }
  return { callbacks: found, next: searchedTo, isCutOff: true };
}

/** A callback and its attempts, oldest first. */
export interface ShownCallback {
  readonly callback: StoredCallback;
  readonly attempts: readonly AttemptRecord[];
}

/** Returns a callback as it is sent. @throws NoCallbackError */
export async function showCallback(context: Context & GuardedContext, id: CallbackId): Promise<ShownCallback> {
  const { callback, attempts } = await showUncheckedCallback(context, id);
  const [checked = callback] = await checkedCallbacks(context, context.store, [callback]);
  return { callback: checked, attempts };
}

/** Returns a callback as it is stored: the address in its body may be anybody's. @throws NoCallbackError */
export async function showUncheckedCallback({ store }: Context, id: CallbackId): Promise<ShownCallback> {
  const [callback, attempts] = await Promise.all([store.callbacks.get(id), store.callbacks.attempts(id)]);
  if (callback === undefined) throw new NoCallbackError(`no callback with id ${id}`);
  return { callback, attempts };
}

/** Waiting callbacks of an endpoint are counted up to this number. */
export const MAX_COUNTED = 1_000;

/** Lists the failing endpoints, longest failing first, then the others that have callbacks waiting. */
export async function listEndpoints({ store }: Context): Promise<EndpointState[]> {
  const [failing, queues, pauses] = await Promise.all([
    store.endpoints.failing(),
    store.callbacks.queues(),
    store.endpoints.pauses(),
  ]);
  const pausedUntil = new Map(pauses.map((pause) => [queueKey(pause), pause.pausedUntil]));
  const queueByKey = new Map(queues.map((queue) => [queueKey(queue), queue]));
  const failingByKey = new Map(failing.map((endpoint) => [queueKey(endpoint), endpoint]));
  const states: EndpointState[] = [];
  for (const { posId, endpoint } of [...failing, ...queues.filter((queue) => !failingByKey.has(queueKey(queue)))]) {
    const key = queueKey({ posId, endpoint });
    const queue = queueByKey.get(key);
    const waiting = queue === undefined ? 0 : await store.callbacks.countQueue(queue, MAX_COUNTED);
    await nextTurn();
    states.push({
      posId,
      endpoint,
      failing: failingByKey.get(key),
      waiting,
      nextAttemptAt: queue && notBefore(pausedUntil.get(key), firstAt(queue)),
    });
  }
  return states;
}

function notBefore(pausedUntil: EpochMs | undefined, at: EpochMs | undefined): EpochMs | undefined {
  return at !== undefined && pausedUntil !== undefined && pausedUntil > at ? pausedUntil : at;
}

function firstAt({ freshAt, retryAt }: CallbackQueue): EpochMs | undefined {
  if (freshAt === undefined || retryAt === undefined) return freshAt ?? retryAt;
  return freshAt < retryAt ? freshAt : retryAt;
}
