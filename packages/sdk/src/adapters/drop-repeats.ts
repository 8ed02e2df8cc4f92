import type { Delivery } from '../callbacks/index.ts';
import type { HandleCallback } from './answer-callback.ts';
import { MemoryRepeatStore, type RepeatStore } from './memory-repeat-store.ts';

/** How repeats are known. */
export interface RepeatOptions {
  /** Where it is kept what has been acted upon. Default: a {@link MemoryRepeatStore} of 10000 keys. */
  store?: RepeatStore | undefined;
  /** How long a callback is known, in milliseconds. Default: 30 days. */
  ttlMs?: number | undefined;
}

/**
 * Lets a callback through to `handle` once, however often it is sent. None is lost: it counts as seen only after `handle`
 * has come to its end, so one that threw comes through again. Repeats that come while it is at work wait for it and share
 * its end. A store that cannot be reached makes the callback fail, and so come again. With several processes a repeat can
 * still slip through while the first is at work, or when one dies between the two steps: let `handle` bear that.
 *
 * A callback is known by order, event and date, which every signature covers, and by its `webhook-id` where a signature
 * covers that too; either is enough, so that nobody gets one through again by taking headers away.
 *
 * @example
 * const store = redisStore({ hostname: 'redis.internal', password }); // of @webpos/sdk/cache
 * app.post('/callback', expressCallbacks(callbacks, dropRepeats(handle, { store })));
 */
export function dropRepeats(handle: HandleCallback, options: RepeatOptions = {}): HandleCallback {
  const { store = new MemoryRepeatStore(), ttlMs = 30 * 86_400_000 } = options;
  const atWork = new Map<string, Promise<void>>();

  const once = async (delivery: Delivery, keys: readonly string[]): Promise<void> => {
    const known = await Promise.all(keys.map(async (key) => await store.get(key)));
    if (known.some((value) => value !== undefined && value !== null)) return;
    await handle(delivery.callback, delivery);
    await Promise.all(keys.map(async (key) => await store.set(key, '1', ttlMs)));
  };

  return async (_callback, delivery) => {
    const [first, ...others] = keysOf(delivery);
    let work = atWork.get(first);
    if (work === undefined) {
      work = once(delivery, [first, ...others]).finally(() => atWork.delete(first));
      atWork.set(first, work);
    }
    await work;
  };
}

function keysOf({ callback, id }: Delivery): [string, ...string[]] {
  const { event, created_at: createdAt, object } = callback;
  const content = `webpos:callback:${object.uuid}:${event}:${createdAt}`;
  return id === undefined ? [content] : [content, `webpos:callback:${id}`];
}
