import type { Delivery } from '../callbacks/index.ts';
import { checkOptions } from '../checks/check-options.ts';
import { requireOption } from '../checks/require-option.ts';
import { type Rules, methodsRule, typeRule } from '../checks/value-rules.ts';
import type { HandleCallback } from './answer-callback.ts';
import { claimKeys } from './claim.ts';
import { MemoryRepeatStore } from './memory-repeat-store.ts';
import { isClaimStore, type ClaimStore, type RepeatStore } from './repeat-store.ts';

/** How repeated callbacks are recognised. */
export interface RepeatOptions {
  /**
   * Where handled callbacks are recorded. Default: a {@link MemoryRepeatStore} of 10000 keys. Several processes need a shared
   * store with claims, such as `redisStore` of `@webpos/sdk/cache`. A store without claims, such as a Keyv or a cache of
   * `cache-manager`, is refused unless `singleProcess` is true.
   */
  store?: RepeatStore | ClaimStore | undefined;
  /**
   * Whether only one process receives the callbacks. Only then is a store without claims safe: two processes that share one can
   * handle a callback at the same time, and pay out or ship twice. Default: false.
   */
  singleProcess?: boolean | undefined;
  /** How long a callback is remembered, in milliseconds. Default: 30 days. */
  ttlMs?: number | undefined;
  /**
   * How long the claim of a process that died keeps other processes from its callback, in milliseconds, from 100 to 86400000.
   * Default: 30 seconds. `handle` may take longer, because its claim is renewed while it runs; but a process suspended for longer
   * loses its claim.
   */
  claimMs?: number | undefined;
}

const RULES: Rules<RepeatOptions> = {
  store: methodsRule('a store with get(key) and set(key, value, ttlMs)', 'get', 'set'),
  singleProcess: typeRule('boolean'),
  ttlMs: [(ttlMs) => typeof ttlMs === 'number' && ttlMs > 0, 'a number above 0'],
  claimMs: [(ms) => typeof ms === 'number' && ms >= 100 && ms <= 86_400_000, 'a number from 100 to 86400000'],
};

/**
 * Handles each callback once, however often it is sent and to whichever process. None is lost: a callback counts as handled only
 * after `handle` has succeeded. If `handle` throws, the callback can be handled again at once; if its process dies, once the
 * claim has expired.
 *
 * Repeats that arrive while `handle` runs wait for it and share its outcome. In another process they fail with a {@link
 * CallbackInProgressError}, which adapters answer with 409, so that the callback is sent again. If the store cannot be reached,
 * the callback fails too. A callback is handled twice only if a process dies between the effect of `handle` and its record in the
 * store; to rule that out, write both in one transaction of your database.
 *
 * A callback is identified by its order, event and date, which every signature covers, and by its `webhook-id` if a signature
 * covers that too. Either is enough, so nobody can replay a callback by removing headers.
 *
 * @throws ConfigurationError naming the wrong option, such as a store without claims that several processes may share.
 * @example
 * const store = redisStore({ hostname: 'redis.internal', password }); // of @webpos/sdk/cache
 * app.post('/callback', expressCallbacks(callbacks, dropRepeats(handle, { store })));
 * @example
 * dropRepeats(handle, { store: new Keyv(url), singleProcess: true });
 */
export function dropRepeats(handle: HandleCallback, options: RepeatOptions = {}): HandleCallback {
  checkOptions(options, RULES);
  const { store = new MemoryRepeatStore(), ttlMs = 30 * 86_400_000, claimMs = 30_000 } = options;
  const inProgress = new Map<string, Promise<void>>();
  const hasClaims = isClaimStore(store);
  requireOption(hasClaims || options.singleProcess === true, 'store', CLAIMS_EXPECTED, store, 'one without claims');
  const once = hasClaims ? withClaims(store) : withoutClaims(store);

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

const CLAIMS_EXPECTED = 'one with claim, renew and release, such as a redisStore, or singleProcess: true';

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
      // Unconditionally: the callback has been handled, even if another process holds the claim by now.
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

/** Retries, because a handled callback that is not recorded would be handled again. @throws what the last attempt threw. */
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
