import { tracingChannel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cut, CREATED, inTurn, json, ORDER, ORDER_PATH, ORDER_UUID, refuse, silence } from '../../test/gateway.ts';
import { clientOf } from '../../test/harness.ts';
import type { Hooks } from './hooks.ts';
import { pathTemplate } from './path-template.ts';
import type { RequestTrace } from './request-channel.ts';

const ok = json(200, ORDER, { 'x-request-id': 'r-1' });
const LOGIN = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };
const WAIT = refuse(503, '4006', { 'retry-after': '5' });
const channel = tracingChannel<unknown, RequestTrace>('webpos:request');
const leaving: (() => void)[] = [];
afterEach(() => leaving.splice(0).forEach((leave) => leave()));

/** Records what is published, with a copy of each trace. */
function subscribe(): [stage: string, trace: RequestTrace][] {
  const seen: [string, RequestTrace][] = [];
  const note = (stage: string) => (trace: RequestTrace) => void seen.push([stage, { ...trace }]);
  const nothing = (): void => undefined;
  const subscribers = { start: note('start'), end: nothing, asyncStart: nothing, asyncEnd: note('end'), error: note('error') };
  channel.subscribe(subscribers);
  leaving.push(() => channel.unsubscribe(subscribers));
  return seen;
}

/** Hooks that record their events. */
function noting(): { hooks: Hooks; seen: [hook: string, event: object][] } {
  const seen: [string, object][] = [];
  return {
    seen,
    hooks: {
      onRequest: (event) => seen.push(['request', event]),
      onResponse: (event) => seen.push(['response', event]),
      onRetry: (event) => seen.push(['retry', event]),
    },
  };
}

describe('hooks', () => {
  it('are called for every attempt, its outcome and its retry, the login included', async () => {
    const { hooks, seen } = noting();
    const client = await clientOf({ [ORDER_PATH]: inTurn(refuse(500, '4000', { 'x-request-id': 'r-0' }), cut, ok) }, hooks);
    await client.getPaymentOrder(ORDER_UUID);
    const login = { method: 'POST', path: '/token', tries: 1 };
    const read = { method: 'GET', path: '/payment-order/{uuid}' };
    const durationMs = expect.any(Number) as number;
    const failed = expect.objectContaining({ name: 'InternalServerError' }) as object;
    const lost = expect.objectContaining({ name: 'ConnectionError' }) as object;
    expect(seen).toEqual([
      ['request', login],
      ['response', { ...login, status: 200, requestId: undefined, durationMs, error: undefined }],
      ['request', { ...read, tries: 1 }],
      ['response', { ...read, tries: 1, status: 500, requestId: 'r-0', durationMs, error: failed }],
      ['retry', { ...read, tries: 2, delayMs: 0, error: failed }],
      ['request', { ...read, tries: 2 }],
      ['response', { ...read, tries: 2, status: undefined, requestId: undefined, durationMs, error: lost }],
      ['retry', { ...read, tries: 3, delayMs: 0, error: lost }],
      ['request', { ...read, tries: 3 }],
      ['response', { ...read, tries: 3, status: 200, requestId: 'r-1', durationMs, error: undefined }],
    ]);
  });

  it("are called for the end of an attempt when the call's time limit is over", async () => {
    const { hooks, seen } = noting();
    const client = await clientOf({ [ORDER_PATH]: silence }, hooks);
    await expect(client.getPaymentOrder(ORDER_UUID, { timeoutMs: 200, maxRetries: 0 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(seen.at(-1)).toEqual([
      'response',
      expect.objectContaining({
        tries: 1,
        status: undefined,
        error: expect.objectContaining({ name: 'TimeoutError' }) as object,
      }),
    ]);
  });

  it('cannot break a call by throwing or rejecting, and each is reported once', async () => {
    const warn = vi.fn();
    const thrown = new Error('of the hook');
    const client = await clientOf(
      { [ORDER_PATH]: inTurn(refuse(500, '4000'), ok) },
      {
        logger: { warn },
        onRequest: () => {
          throw thrown;
        },
        onResponse: () => Promise.reject(thrown),
        onRetry: () => {
          throw thrown;
        },
      },
    );
    await client.getPaymentOrder(ORDER_UUID);
    await client.getPaymentOrder(ORDER_UUID);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(3));
    for (const hook of ['onRequest', 'onResponse', 'onRetry'])
      expect(warn).toHaveBeenCalledWith(expect.stringContaining(`${hook} failed`), thrown);
  });

  it('may fail while the logger fails too', async () => {
    const warn = vi.fn(() => Promise.reject(new Error('of the logger')));
    const client = await clientOf({}, { logger: { warn }, onRequest: () => Promise.reject(new Error('of the hook')) });
    expect(await client.getPaymentOrder(ORDER_UUID)).toEqual(ORDER);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
  });

  it.each(['onRequest', 'onResponse', 'onRetry'])('must be functions: %s', async (name) => {
    await expect(clientOf({}, { [name]: {} })).rejects.toThrow(`${name}: expected a function, got object`);
  });
});

describe('the tracing channel webpos:request', () => {
  it('has a trace of each call, from its start to its end', async () => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(refuse(500, '4000'), ok) });
    const seen = subscribe();
    expect(await client.getPaymentOrder(ORDER_UUID)).toEqual(ORDER);
    const baseUrl = expect.stringContaining('http://127.0.0.1') as string;
    const unknown = { tries: 0, status: undefined, requestId: undefined, durationMs: undefined };
    const durationMs = expect.any(Number) as number;
    const read = { method: 'GET', path: '/payment-order/{uuid}', baseUrl };
    const login = { method: 'POST', path: '/token', baseUrl };
    expect(seen).toEqual([
      ['start', { ...read, ...unknown }],
      ['start', { ...login, ...unknown }],
      ['end', { ...login, tries: 1, status: 200, requestId: undefined, durationMs }],
      ['end', { ...read, tries: 2, status: 200, requestId: 'r-1', durationMs }],
    ]);
  });

  it('has the error of a failed call, even before its first attempt or during the wait for a retry', async () => {
    const controller = new AbortController();
    const client = await clientOf(
      { '/token': inTurn(refuse(401, '1001'), json(200, LOGIN)), [ORDER_PATH]: WAIT },
      { onRetry: () => setTimeout(() => controller.abort()) },
    );
    const seen = subscribe();
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name: 'UnauthorizedClientError' });
    const ofCall = (): unknown[] => seen.filter(([stage, { path }]) => stage === 'error' && path !== '/token');
    expect(ofCall()).toEqual([
      ['error', expect.objectContaining({ tries: 0, error: expect.objectContaining({ status: 401 }) as object })],
    ]);
    seen.splice(0);
    await expect(client.getPaymentOrder(ORDER_UUID, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(ofCall()).toEqual([
      [
        'error',
        expect.objectContaining({ tries: 1, status: 503, error: expect.objectContaining({ name: 'AbortError' }) as object }),
      ],
    ]);
  });

  it("keeps the caller's async context for a subscriber", async () => {
    const client = await clientOf();
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const store = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const subscriber = (): void => void seen.push(store.getStore());
    channel.start.subscribe(subscriber);
    leaving.push(() => channel.start.unsubscribe(subscriber));
    await store.run('of the caller', () => client.getPaymentOrder(ORDER_UUID));
    expect(seen).toEqual(['of the caller', 'of the caller']);
  });

  it("never contains the secret, a token, a header or an order's id except in the error, and neither do hooks", async () => {
    const { hooks, seen } = noting();
    const client = await clientOf({ '/payment-order': json(201, CREATED) }, hooks);
    const traced = subscribe();
    await client.clientCredentialsLogin();
    await client.createPaymentOrder(
      { amount: '1.00' },
      { idempotencyKey: 'key-of-the-cart', headers: { 'x-own': 'own-header' } },
    );
    await client.getPaymentOrder(ORDER_UUID);
    await client.request('GET', `/payment-order/${ORDER_UUID}?a=the-query`);
    expect(traced.length).toBeGreaterThan(6);
    const shown = inspect([seen, traced], { depth: 20, showHidden: true });
    for (const text of ['s€cret', 'token-1', 'key-of-the-cart', 'own-header', ORDER_UUID, 'the-query', 'a.b.c'])
      expect(shown).not.toContain(text);
  });
});

describe('the template of a path', () => {
  it.each([
    ['/payment-order', '/payment-order'],
    [`/payment-order/${ORDER_UUID}/test/reset`, '/payment-order/{uuid}/test/reset'],
    [`/payment-order/${ORDER_UUID}/test/`, '/payment-order/{uuid}/test/'],
    ['/events/test', '/events/test'],
    ['/customers/alice/token', '/{other}/{other}/token'],
    ['/payment-order/%30b7bd9b9', '/payment-order/{other}'],
    ['/', '/'],
  ])('of %s is %s', (path, template) => expect(pathTemplate(path)).toBe(template));
});
