import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { neverEndingBody, ORDER_PATH, ORDER_UUID, refuse, silence, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';

describe('the time limit of a call', () => {
  it.each<[string, Route]>([
    ['an answer that does not come', silence],
    ['a body that does not end', neverEndingBody],
  ])('covers %s', async (_what, slow) => {
    const client = await clientOf({ [ORDER_PATH]: slow });
    await client.clientCredentialsLogin();
    const startedAtMs = performance.now();
    const failed = client.getPaymentOrder(ORDER_UUID, { timeoutMs: 400 });
    await expect(failed).rejects.toMatchObject({ name: 'TimeoutError', timeoutMs: 400, method: 'GET', path: ORDER_PATH });
    // Not the ten seconds of the client; a busy machine may be slow.
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
    expect(gateway.to(ORDER_PATH)).toHaveLength(1);
  });

  it('covers a login that does not end', async () => {
    const client = await clientOf({ '/token': silence }, { http: { timeoutMs: 400 } });
    await expect(client.getPaymentOrder(ORDER_UUID, { timeoutMs: 100 })).rejects.toMatchObject({
      name: 'TimeoutError',
      path: ORDER_PATH,
    });
  });

  it('covers a fetch that ignores its signal', async () => {
    const client = await clientOf({}, { http: { fetch: () => new Promise(() => undefined), timeoutMs: 100 } });
    await expect(client.clientCredentialsLogin()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.each<[string, Route]>([
    ['before the answer', silence],
    ['within the body', neverEndingBody],
    ['between two attempts', refuse(429, '2000', { 'retry-after': '5' })],
  ])('ends early when the caller aborts %s', async (_when, route) => {
    const client = await clientOf({ [ORDER_PATH]: route });
    await client.clientCredentialsLogin();
    const controller = new AbortController();
    const failed = client.getPaymentOrder(ORDER_UUID, { signal: controller.signal });
    failed.catch(() => undefined);
    await vi.waitFor(() => expect(gateway.to(ORDER_PATH)).toHaveLength(1), 5000);
    setTimeout(() => controller.abort(new Error('the buyer left')), 100);
    await expect(failed).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'the buyer left' } });
    expect(gateway.to(ORDER_PATH)).toHaveLength(1);
  });

  it('is over at once if the signal is aborted already', async () => {
    const client = await clientOf();
    await expect(client.getPaymentOrder(ORDER_UUID, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(gateway.seen).toEqual([]);
  });

  it("leaves no listener on the caller's signal", async () => {
    const client = await clientOf();
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await client.getPaymentOrder(ORDER_UUID, { signal });
    expect(added).toHaveBeenCalledOnce();
    expect(removed).toHaveBeenCalledOnce();
  });

  it('adds one listener to a signal that many calls share', async () => {
    const client = await clientOf({ [ORDER_PATH]: silence });
    await client.clientCredentialsLogin();
    const controller = new AbortController();
    const warned = vi.spyOn(process, 'emitWarning');
    const options = { signal: controller.signal, timeoutMs: 20_000 };
    const calls = Array.from({ length: 20 }, () => client.getPaymentOrder(ORDER_UUID, options));
    const ended = Promise.allSettled(calls);
    await vi.waitFor(() => expect(gateway.to(ORDER_PATH)).toHaveLength(20), 5000);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort(new Error('the buyer left'));
    expect((await ended).map((call) => call.status === 'rejected' && (call.reason as Error).name)).toEqual(
      Array.from({ length: 20 }, () => 'AbortError'),
    );
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    expect(warned).not.toHaveBeenCalled();
  });
});
