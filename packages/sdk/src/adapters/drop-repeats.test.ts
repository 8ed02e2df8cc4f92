import { describe, expect, it, vi } from 'vitest';
import { bodyOf } from '../../test/callbacks.ts';
import type { Delivery, ReceivedCallback } from '../callbacks/index.ts';
import { dropRepeats, type HandleCallback, MemoryRepeatStore, type RepeatStore } from './index.ts';

function delivery(overrides: object = {}, id?: string): Delivery {
  const callback = JSON.parse(bodyOf(overrides)) as ReceivedCallback;
  return id === undefined ? { callback } : { callback, id };
}

const send = async (handle: HandleCallback, what: Delivery): Promise<void> => await handle(what.callback, what);

describe('a repeat', () => {
  it.each([
    ['without ids', undefined, undefined],
    ['with its id', 'msg_1', 'msg_1'],
    ['whose headers were taken away', 'msg_1', undefined],
    ['that was given another id', 'msg_1', 'msg_2'],
    ['that got an id later', undefined, 'msg_1'],
  ])('%s is dropped', async (_what, id, again) => {
    const handle = vi.fn<HandleCallback>();
    const once = dropRepeats(handle);
    await send(once, delivery({}, id));
    await send(once, delivery({}, again));
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('is told by its id even when its body was made anew', async () => {
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
  ])('has the same %s; another is no repeat', async (_what, overrides) => {
    const handle = vi.fn<HandleCallback>();
    const once = dropRepeats(handle);
    await send(once, delivery());
    await send(once, delivery(overrides));
    expect(handle).toHaveBeenCalledTimes(2);
  });
});

describe('no callback is lost', () => {
  it('when the handler throws: it comes through again', async () => {
    const handle = vi.fn<HandleCallback>().mockRejectedValueOnce(new Error('the database is away')).mockResolvedValue();
    const once = dropRepeats(handle);
    await expect(send(once, delivery())).rejects.toThrow('the database is away');
    await send(once, delivery());
    await send(once, delivery());
    expect(handle).toHaveBeenCalledTimes(2);
  });

  it('when the handler throws at once', async () => {
    const handle = vi.fn<HandleCallback>().mockImplementationOnce(() => {
      throw new Error('a mistake');
    });
    const once = dropRepeats(handle);
    await expect(send(once, delivery())).rejects.toThrow('a mistake');
    await send(once, delivery());
    expect(handle).toHaveBeenCalledTimes(2);
  });

  it('when repeats come at the same time: the handler runs once, and all share its end', async () => {
    const ends = withResolvers();
    const handle = vi.fn<HandleCallback>(() => ends.promise);
    const once = dropRepeats(handle);
    const sent = [delivery(), delivery(), delivery({}, 'msg_1')].map((one) => send(once, one).catch(String));
    await vi.waitFor(() => expect(handle).toHaveBeenCalled());
    ends.reject(new Error('too bad'));
    expect(await Promise.all(sent)).toEqual(Array.from({ length: 3 }, () => 'Error: too bad'));
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it.each(['get', 'set'] as const)('when the store fails to %s: the sender hears of it', async (method) => {
    const store: RepeatStore = { get: async () => undefined, set: async () => undefined };
    vi.spyOn(store, method).mockRejectedValueOnce(new Error('the store is away'));
    const once = dropRepeats(vi.fn<HandleCallback>(), { store });
    await expect(send(once, delivery())).rejects.toThrow('the store is away');
    await expect(send(once, delivery())).resolves.toBeUndefined();
  });
});

it('any store with a time to live will do', async () => {
  const kept = new Map<string, string>();
  const set = vi.fn<RepeatStore['set']>(async (key, value) => void kept.set(key, value));
  const handle = vi.fn<HandleCallback>();
  // Redis answers null for what it does not have.
  const options = { store: { get: async (key: string) => kept.get(key) ?? null, set }, ttlMs: 60_000 };
  await send(dropRepeats(handle, options), delivery({}, 'msg_1'));
  // Another process.
  await send(dropRepeats(handle, options), delivery({}, 'msg_1'));
  expect(handle).toHaveBeenCalledTimes(1);
  expect(set.mock.calls.map(([, , ttlMs]) => ttlMs)).toEqual([60_000, 60_000]);
});

describe('the store in memory', () => {
  it('forgets after the time to live', () => {
    let now = 0;
    const store = new MemoryRepeatStore({ now: () => now });
    store.set('key', '1', 1000);
    expect(store.get('key')).toBe('1');
    now = 1000;
    expect(store.get('key')).toBeUndefined();
  });

  it('keeps the newest, and no more than it may', () => {
    const store = new MemoryRepeatStore({ maxKeys: 2 });
    for (const key of ['a', 'b', 'a', 'c']) store.set(key, '1', 1000);
    expect(['a', 'b', 'c'].map((key) => store.get(key))).toEqual(['1', undefined, '1']);
  });
});

function withResolvers(): { promise: Promise<void>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((_resolve, fail) => (reject = fail));
  return { promise, reject };
}
