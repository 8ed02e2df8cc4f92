/** What became of the callbacks: the one way by which the commands, the panel and its API look at them. */
import type { AttemptRecord, StoredCallback } from '../callbacks/callback.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { CallbackId } from '../kernel/ids.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import type { CallbackQuery, FailingEndpoint } from '../store/ports.ts';
import type { ServiceContext } from './context.ts';

type Context = Pick<ServiceContext, 'store'>;

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
  if (callback === undefined) throw new NoCallbackError(`callback: there is none with id ${id}`);
  return { callback, attempts };
}

/** How an endpoint does. */
export interface EndpointState {
  /** Origin of the URL. */
  readonly endpoint: string;
  /** Undefined while it takes what is sent to it. */
  readonly failing: FailingEndpoint | undefined;
  /** How many orders have a callback that waits for it, up to {@link MOST_COUNTED}. */
  readonly waiting: number;
  /** Undefined when nothing waits. */
  readonly nextAttemptAt: EpochMs | undefined;
}

export const MOST_COUNTED = 1_000;

/** The endpoints that fail, the longest first, and those for which anything waits. */
export async function listEndpoints({ store }: Context): Promise<EndpointState[]> {
  const [failing, queues] = await Promise.all([store.endpoints.failing(), store.callbacks.queues()]);
  const dueAt = new Map(queues.map((queue) => [queue.endpoint, queue.dueAt]));
  const known = new Map(failing.map((one) => [one.endpoint, one]));
  const names = [...known.keys(), ...[...dueAt.keys()].filter((name) => !known.has(name))];
  const states: EndpointState[] = [];
  for (const endpoint of names) {
    const nextAttemptAt = dueAt.get(endpoint);
    const waiting = nextAttemptAt === undefined ? 0 : await store.callbacks.countQueue(endpoint, MOST_COUNTED);
    states.push({ endpoint, failing: known.get(endpoint), waiting, nextAttemptAt });
  }
  return states;
}
