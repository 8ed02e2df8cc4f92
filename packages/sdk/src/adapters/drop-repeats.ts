import type { Delivery } from '../callbacks/index.ts';
import { checkOptions } from '../checks/check-options.ts';
import { type Rules, methodsRule } from '../checks/value-rules.ts';
import type { HandleCallback } from './answer-callback.ts';
import { claimKeys } from './claim.ts';
import { MemoryRepeatStore } from './memory-repeat-store.ts';
import { isClaimStore, type ClaimStore, type RepeatStore } from './repeat-store.ts';

/** How repeats are known. */
export interface RepeatOptions {
  /**
   * Where it is kept what has been handled. Default: a {@link MemoryRepeatStore} of 10000 keys. Several processes need one that they share
   * and that knows claims, as `redisStore` of `@webpos/sdk/cache` does. With a store that does not, such as a Keyv, two processes may
   * handle a callback at the same time.
   */
  store?: RepeatStore | ClaimStore | undefined;
  /** How long a callback is known, in milliseconds. Default: 30 days. */
  ttlMs?: number | undefined;
  /**
   * How long a process that died while it handled a callback keeps others from it, in milliseconds; default: 30 seconds. `handle` may take
   * longer than that: a claim is renewed while it is at work. But a process that is suspended for longer loses its claim.
   */
  claimMs?: number | undefined;
}

const RULES: Rules<RepeatOptions> = {
  store: methodsRule('a store with get(key) and set(key, value, ttlMs)', 'get', 'set'),
  ttlMs: [(ttlMs) => typeof ttlMs === 'number' && ttlMs > 0, 'a number above 0'],
  claimMs: [(ms) => typeof ms === 'number' && ms >= 100 && ms <= 86_400_000, 'a number from 100 to 86400000'],
};

/**
 * Lets a callback through to `handle` once, however often it is sent and to whichever process. None is lost: it counts as handled only
 * after `handle` has ended, so one that threw comes through again at once, and one whose process died does so once its claim has expired.
 *
 * Repeats that come while `handle` is at work wait for it and share its outcome; in another process they fail with a
 * {@link CallbackInProgressError}, which adapters answer with 409, so that the sender tries again. A store that cannot be reached makes the
 * callback fail too. Only a process that dies between the effect of `handle` and the note of it lets one through twice: where that must not
 * be, make both in one transaction of your database.
 *
 * A callback is known by order, event and date, which every signature covers, and by its `webhook-id` where a signature
 * covers that too; either is enough, so that nobody gets one through again by taking headers away.
 *
 * @throws ConfigurationError that names the wrong option.
 * @example
 * const store = redisStore({ hostname: 'redis.internal', password }); // of @webpos/sdk/cache
 * app.post('/callback', expressCallbacks(callbacks, dropRepeats(handle, { store })));
 */
export function dropRepeats(handle: HandleCallback, options: RepeatOptions = {}): HandleCallback {
  checkOptions(options, RULES);
  const { store = new MemoryRepeatStore(), ttlMs = 30 * 86_400_000, claimMs = 30_000 } = options;
  const inProgress = new Map<string, Promise<void>>();
  const once = isClaimStore(store) ? withClaims(store) : withoutClaims(store);

  return async (_callback, delivery) => {
    const [first, ...others] = keysOf(delivery);
    let work = inProgress.get(first);
    if (work === undefined) {
      const handleOnce = async (): Promise<void> => await handle(delivery.callback, delivery);
      work = once([first, ...others], handleOnce, { ttlMs, claimMs }).finally(() => inProgress.delete(first));
      inProgress.set(first, work);
    }
    await work;
  };
}

type Once = (keys: readonly string[], work: () => Promise<void>, times: { ttlMs: number; claimMs: number }) => Promise<void>;

function withClaims(store: ClaimStore): Once {
  return async (keys, work, { ttlMs, claimMs }) => {
    const claim = await claimKeys(store, keys, claimMs);
    if (claim === undefined) return;
    try {
      await work();
    } catch (error) {
      await claim.release();
      throw error;
    }
    try {
      // Anyone who holds the claim by now: it has been handled.
      await Promise.all(keys.map((key) => persistently(async () => await store.set(key, '1', ttlMs))));
    } finally {
      claim.end();
    }
  };
}

function withoutClaims(store: RepeatStore): Once {
  return async (keys, work, { ttlMs }) => {
    const known = await Promise.all(keys.map(async (key) => await store.get(key)));
    if (known.some((value) => value !== undefined && value !== null)) return;
    await work();
    await Promise.all(keys.map((key) => persistently(async () => await store.set(key, '1', ttlMs))));
  };
}

const PAUSES_MS = [100, 400, 1000];

/** Tries again what fails: a callback that was handled and is not known to be is handled twice. @throws what the last try threw. */
async function persistently(attempt: () => Promise<unknown>): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return void (await attempt());
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  await attempt();
}

function keysOf({ callback, id }: Delivery): [string, ...string[]] {
  const { event, created_at: createdAt, object } = callback;
  const content = `webpos:callback:${object.uuid}:${event}:${createdAt}`;
  return id === undefined ? [content] : [content, `webpos:callback:${id}`];
}
