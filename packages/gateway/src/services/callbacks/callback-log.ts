/** What became of the callbacks: the one way by which the commands, the panel and its API look at them. */
import type { AttemptRecord, StoredCallback } from '../../callbacks/callback.ts';
import type { EndpointState } from '../../callbacks/endpoint.ts';
import { queueKey } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { CallbackId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { CallbackQuery, CallbackQueue } from '../../store/ports/callback-store.ts';
import type { StoreContext } from '../context.ts';

type Context = Pick<StoreContext, 'store'>;

/** There is no such callback. */
export class NoCallbackError extends OperatorError {
  override readonly name = 'NoCallbackError';
}

export interface CallbackPage {
  readonly callbacks: readonly StoredCallback[];
  /** Behind which the next page begins; undefined: this is the last. */
  readonly next: CallbackId | undefined;
}

/** One page of callbacks, the newest first. */
export async function listCallbacks({ store }: Context, query: CallbackQuery): Promise<CallbackPage> {
  const found = await store.callbacks.list({ ...query, limit: query.limit + 1 });
  const callbacks = found.slice(0, query.limit);
  return { callbacks, next: found.length > query.limit ? callbacks.at(-1)?.id : undefined };
}

/** A callback and the attempts to deliver it, the first first. @throws NoCallbackError */
export async function showCallback(
  { store }: Context,
  id: CallbackId,
): Promise<{ readonly callback: StoredCallback; readonly attempts: readonly AttemptRecord[] }> {
  const [callback, attempts] = await Promise.all([store.callbacks.get(id), store.callbacks.attempts(id)]);
  if (callback === undefined) throw new NoCallbackError(`no callback with id ${id}`);
  return { callback, attempts };
}

export const MAX_COUNTED = 1_000;

/** The endpoints that fail, the longest first, and those for which anything waits. */
export async function listEndpoints({ store }: Context): Promise<EndpointState[]> {
  const [failing, queues, pauses] = await Promise.all([
    store.endpoints.failing(),
    store.callbacks.queues(),
    store.endpoints.pauses(),
  ]);
  const pausedUntil = new Map(pauses.map((pause) => [queueKey(pause), pause.pausedUntil]));
  const waitsIn = new Map(queues.map((queue) => [queueKey(queue), queue]));
  const known = new Map(failing.map((one) => [queueKey(one), one]));
  const states: EndpointState[] = [];
  for (const { posId, endpoint } of [...failing, ...queues.filter((queue) => !known.has(queueKey(queue)))]) {
    const key = queueKey({ posId, endpoint });
    const queue = waitsIn.get(key);
    const waiting = queue === undefined ? 0 : await store.callbacks.countQueue(queue, MAX_COUNTED);
    states.push({
      posId,
      endpoint,
      failing: known.get(key),
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
