/** Lists callbacks, their attempts and their endpoints, for the commands, the panel and its API. */
import type { AttemptRecord, StoredCallback } from '../../callbacks/callback.ts';
import type { EndpointState } from '../../callbacks/endpoint.ts';
import { queueKey } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { CallbackQuery, CallbackQueue } from '../../store/ports/callback-store.ts';
import type { StoreContext } from '../context.ts';

type Context = Pick<StoreContext, 'store'>;

export class NoCallbackError extends OperatorError {
  override readonly name = 'NoCallbackError';
}

export interface CallbackPage {
  readonly callbacks: readonly StoredCallback[];
  /** The last callback of this page, if another page follows it. */
  readonly next: CallbackId | undefined;
}

/** Returns one page of callbacks, newest first. */
export async function listCallbacks({ store }: Context, query: CallbackQuery): Promise<CallbackPage> {
  const found = await store.callbacks.list({ ...query, limit: query.limit + 1 });
  const callbacks = found.slice(0, query.limit);
  return { callbacks, next: found.length > query.limit ? callbacks.at(-1)?.id : undefined };
}

/** Returns a callback and its attempts, oldest first. @throws NoCallbackError */
export async function showCallback(
  { store }: Context,
  id: CallbackId,
): Promise<{ readonly callback: StoredCallback; readonly attempts: readonly AttemptRecord[] }> {
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
