import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../../test/callbacks.ts';
import type { Delivery, ReceivedCallback } from '../callbacks/index.ts';
import { type ClaimStore, dropRepeats, type HandleCallback, MemoryRepeatStore, type RepeatStore } from './index.ts';

function delivery(overrides: object = {}, id?: string): Delivery {
  const callback = JSON.parse(bodyOf(overrides)) as ReceivedCallback;
  return id === undefined ? { callback } : { callback, id };
}

const send = async (handle: HandleCallback, what: Delivery): Promise<void> => await handle(what.callback, what);

describe('a repeated callback', () => {
  it.each([
    ['without an id', undefined, undefined],
    ['with its id', 'msg_1', 'msg_1'],
    ['if its headers were removed', 'msg_1', undefined],
    ['with another id', 'msg_1', 'msg_2'],
    ['if it got an id later', undefined, 'msg_1'],
  ])('is dropped %s', async (_what, id, again) => {
    const handle = vi.fn<HandleCallback>();
    const once = dropRepeats(handle);
    await send(once, delivery({}, id));
    await send(once, delivery({}, again));
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('is recognised by its id even if its body was built anew', async () => {
    const handle = vi.fn<HandleCallback>();
    const once = dropRepeats(handle);
    await send(once, delivery({ created_at: '2026-11-23T18:00:00.000Z' }, 'msg_1'));
    await send(once, delivery({ created_at: '2026-11-23T18:05:00.000Z' }, 'msg_1'));
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['event', { event: 'payment.overpaid' }],
    ['time', { created_at: '2026-11-23T18:00:00.001Z' }],
    ['order', { object: { uuid: '6f1d5c1e-0b53-4b5e-8f0a-9d3d8c5c7b21', state: {} } }],
  ])('has the same %s; with another one it is a new callback', async (_what, overrides) => {
    const handle = vi.fn<HandleCallback>();
    const once = dropRepeats(handle);
    await send(once, delivery());
    await send(once, delivery(overrides));
    expect(handle).toHaveBeenCalledTimes(2);
  });
});

describe('a callback whose handling fails', () => {
  it('is handled again after the handler rejected', async () => {
    const handle = vi.fn<HandleCallback>().mockRejectedValueOnce(new Error('the database is away')).mockResolvedValue();
    const once = dropRepeats(handle);
    await expect(send(once, delivery())).rejects.toThrow('the database is away');
    await send(once, delivery());
    await send(once, delivery());
    expect(handle).toHaveBeenCalledTimes(2);
  });

  it('is handled again after the handler threw synchronously', async () => {
    const handle = vi.fn<HandleCallback>().mockImplementationOnce(() => {
      throw new Error('a mistake');
    });
    const once = dropRepeats(handle);
    await expect(send(once, delivery())).rejects.toThrow('a mistake');
    await send(once, delivery());
    expect(handle).toHaveBeenCalledTimes(2);
  });

  it('is handled once if repeats arrive at the same time, and all share the outcome', async () => {
    const ends = withResolvers();
    const handle = vi.fn<HandleCallback>(() => ends.promise);
    const once = dropRepeats(handle);
    const sent = [delivery(), delivery(), delivery({}, 'msg_1')].map((one) => send(once, one).catch(String));
    await vi.waitFor(() => expect(handle).toHaveBeenCalled());
    ends.reject(new Error('too bad'));
    expect(await Promise.all(sent)).toEqual(Array.from({ length: 3 }, () => 'Error: too bad'));
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['get', withoutClaims()],
    ['set', withoutClaims()],
    ['set', new MemoryRepeatStore()],
    ['claim', new MemoryRepeatStore()],
  ] as const)('is reported to the sender if the store fails to %s', async (method, store) => {
    vi.spyOn(store as ClaimStore, method).mockRejectedValue(new Error('the store is away'));
    const once = dropRepeats(vi.fn<HandleCallback>(), { store, singleProcess: true });
    await expect(send(once, delivery())).rejects.toThrow('the store is away');
    vi.restoreAllMocks();
    await expect(send(once, delivery({ event: 'payment.overpaid' }))).resolves.toBeUndefined();
  });

  it('is not handled twice if the store fails briefly after it was handled', async () => {
    const memory = new MemoryRepeatStore();
    const set = vi.fn<ClaimStore['set']>((...kept) => memory.set(...kept));
    set.mockRejectedValueOnce(new Error('the store is away'));
    const store: ClaimStore = {
      set,
      get: (key) => memory.get(key),
      claim: (...claimed) => memory.claim(...claimed),
      renew: (...renewed) => memory.renew(...renewed),
      release: (...released) => memory.release(...released),
    };
    const handle = vi.fn<HandleCallback>();
    const once = dropRepeats(handle, { store });
    await send(once, delivery());
    await send(once, delivery());
    expect(handle).toHaveBeenCalledTimes(1);
  });
});

describe('two processes with one store', () => {
  const IN_PROGRESS = { name: 'CallbackInProgressError' };
  /** Two functions that share only a store behave like two processes. */
  const two = (handle: HandleCallback, store: ClaimStore, claimMs = 300): [HandleCallback, HandleCallback] => [
    dropRepeats(handle, { store, claimMs }),
    dropRepeats(handle, { store, claimMs }),
  ];

  it.each([
    ['identical', undefined, undefined],
    ['identical, with its id', 'msg_1', 'msg_1'],
    ['without its headers', 'msg_1', undefined],
    ['with another id', 'msg_1', 'msg_2'],
  ])('handle a callback once if both receive it at the same time: %s', async (_what, id, again) => {
    const ends = withResolvers();
    const handle = vi.fn<HandleCallback>(() => ends.promise);
    const [first, second] = two(handle, new MemoryRepeatStore());
    const handled = send(first, delivery({}, id));
    await vi.waitFor(() => expect(handle).toHaveBeenCalled());
    await expect(send(second, delivery({}, again))).rejects.toMatchObject(IN_PROGRESS);
    ends.resolve();
    await handled;
    await send(second, delivery({}, again));
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('recognise a rebuilt callback by its id, and let other callbacks pass', async () => {
    const ends = withResolvers();
    const handle = vi.fn<HandleCallback>(() => ends.promise);
    const store = new MemoryRepeatStore();
    const [first, second] = two(handle, store);
    const handled = send(first, delivery({}, 'msg_1'));
    await vi.waitFor(() => expect(handle).toHaveBeenCalled());
    const anew = { created_at: '2026-11-23T18:05:00.000Z' };
    await expect(send(second, delivery(anew, 'msg_1'))).rejects.toMatchObject(IN_PROGRESS);
    ends.resolve();
    await handled;
    await send(second, delivery(anew, 'msg_1'));
    expect(handle).toHaveBeenCalledTimes(1);
    // With another time and another id it is another callback.
    await send(second, delivery(anew, 'msg_2'));
    expect(handle).toHaveBeenCalledTimes(2);
  });

  it('let the second one handle it at once if the first one throws', async () => {
    const handle = vi.fn<HandleCallback>().mockRejectedValueOnce(new Error('the database is away')).mockResolvedValue();
    const [first, second] = two(handle, new MemoryRepeatStore(), 86_400_000);
    await expect(send(first, delivery({}, 'msg_1'))).rejects.toThrow('the database is away');
    await send(second, delivery({}, 'msg_1'));
    expect(handle).toHaveBeenCalledTimes(2);
  });

  it("report the handler's error even if the claim cannot be released", async () => {
    const store = new MemoryRepeatStore();
    vi.spyOn(store, 'release').mockImplementation(() => {
      throw new Error('the store is away');
    });
    const once = dropRepeats(vi.fn<HandleCallback>().mockRejectedValue(new Error('a mistake')), { store });
    await expect(send(once, delivery())).rejects.toThrow('a mistake');
  });

  it('keep a claim while the handler runs, and the record for the time to live after it', async () => {
    vi.useFakeTimers();
    try {
      const ends = withResolvers();
      const handle = vi.fn<HandleCallback>(() => ends.promise);
      const store = new MemoryRepeatStore();
      const [first, second] = two(handle, store);
      const handled = send(first, delivery());
      for (let n = 0; n < 20; n += 1) {
        await vi.advanceTimersByTimeAsync(150);
        await expect(send(second, delivery())).rejects.toMatchObject(IN_PROGRESS);
      }
      ends.resolve();
      await handled;
      await vi.advanceTimersByTimeAsync(29 * 86_400_000);
      await send(second, delivery());
      expect(handle).toHaveBeenCalledTimes(1);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('take over an abandoned claim once it has expired, and not before', async () => {
    let now = 0;
    const store = new MemoryRepeatStore({ now: () => now });
    const handle = vi.fn<HandleCallback>();
    const [first] = two(handle, store);
    // The claim of a process that died while handling.
    const dead = vi.spyOn(globalThis, 'setInterval').mockReturnValueOnce(0 as never);
    void send(
      dropRepeats(() => new Promise(() => undefined), { store, claimMs: 300 }),
      delivery(),
    );
    await vi.waitFor(() => expect(dead).toHaveBeenCalled());
    dead.mockRestore();
    now = 299;
    await expect(send(first, delivery())).rejects.toMatchObject(IN_PROGRESS);
    now = 300;
    await send(first, delivery());
    expect(handle).toHaveBeenCalledTimes(1);
  });
});

it.each([
  ['ttlMs', { ttlMs: 0 }],
  ['ttlMs', { ttlMs: '1 day' as never }],
  ['singleProcess', { singleProcess: 'yes' as never }],
  ['claimMs', { claimMs: 99 }],
  ['claimMs', { claimMs: Number.NaN }],
])('dropRepeats names the wrong option %s', (field, options) => {
  expect(() => dropRepeats(vi.fn<HandleCallback>(), options)).toThrow(expect.objectContaining({ field }));
});

describe.each([
  ['a Keyv', () => new Keyv()],
  ['a cache of cache-manager', () => createCache()],
] as const)('dropRepeats with %s, which has no claims,', (_name, openStore) => {
  it('refuses it, because two processes could handle a callback at the same time', () => {
    const refused = 'store: expected one with claim, renew and release, such as a redisStore, or singleProcess: true';
    expect(() => dropRepeats(vi.fn<HandleCallback>(), { store: openStore() })).toThrow(refused);
    expect(() => dropRepeats(vi.fn<HandleCallback>(), { store: openStore(), singleProcess: false })).toThrow(refused);
  });

  it('handles a callback once if a single process receives it, also after a restart', async () => {
    const options = { store: openStore(), singleProcess: true };
    const handle = vi.fn<HandleCallback>();
    const once = dropRepeats(handle, options);
    await Promise.all([send(once, delivery({}, 'msg_1')), send(once, delivery({}, 'msg_1'))]);
    await send(dropRepeats(handle, options), delivery({}, 'msg_1'));
    expect(handle).toHaveBeenCalledTimes(1);
  });
});

it('dropRepeats works with any store that has a time to live', async () => {
  const kept = new Map<string, string>();
  const set = vi.fn<RepeatStore['set']>(async (key, value) => void kept.set(key, value));
  const handle = vi.fn<HandleCallback>();
  // Redis returns null for a missing key.
  const store = { get: async (key: string) => kept.get(key) ?? null, set };
  const options = { store, singleProcess: true, ttlMs: 60_000 };
  await send(dropRepeats(handle, options), delivery({}, 'msg_1'));
  // After a restart.
  await send(dropRepeats(handle, options), delivery({}, 'msg_1'));
  expect(handle).toHaveBeenCalledTimes(1);
  expect(set.mock.calls.map(([, , ttlMs]) => ttlMs)).toEqual([60_000, 60_000]);
});

describe('the store in memory', () => {
  it('drops a key after its time to live', () => {
    let now = 0;
    const store = new MemoryRepeatStore({ now: () => now });
    store.set('key', '1', 1000);
    expect(store.get('key')).toBe('1');
    now = 1000;
    expect(store.get('key')).toBeUndefined();
  });

  it('gives a claim to one caller, until it is released or expires', () => {
    let now = 0;
    const store = new MemoryRepeatStore({ now: () => now });
    expect([store.claim('key', 'mine', 100), store.claim('key', 'yours', 100)]).toEqual([true, false]);
    now = 99;
    expect([store.renew('key', 'yours', 100), store.renew('key', 'mine', 100)]).toEqual([false, true]);
    now = 198;
    expect([store.release('key', 'yours'), store.get('key')]).toEqual([false, 'mine']);
    expect([store.release('key', 'mine'), store.get('key')]).toEqual([true, undefined]);
    expect(store.claim('key', 'yours', 100)).toBe(true);
    now = 298;
    expect([store.renew('key', 'yours', 100), store.claim('key', 'mine', 100)]).toEqual([false, true]);
  });

  it('keeps the newest keys, up to its limit', () => {
    const store = new MemoryRepeatStore({ maxKeys: 2 });
    for (const key of ['a', 'b', 'a', 'c']) store.set(key, '1', 1000);
    expect(['a', 'b', 'c'].map((key) => store.get(key))).toEqual(['1', undefined, '1']);
  });
});

function withoutClaims(): RepeatStore {
  return { get: async () => undefined, set: async () => undefined };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((settle, fail) => ([resolve, reject] = [settle, fail]));
  return { promise, resolve, reject };
}
