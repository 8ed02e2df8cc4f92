/** The client in a bundle for browsers: smaller, and just as careful with money. */
import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cut, inTurn, json, ORDER, ORDER_PATH, ORDER_UUID, refuse, type Route, silence } from '../../test/gateway.ts';
import { gateway, useGateway } from '../../test/harness.ts';
import type { Client as ServerClient } from '../client.ts';
import type { WebposError } from '../errors/index.ts';
import type { ClientOptions } from '../options/client-options.ts';

let Client: typeof ServerClient;
beforeAll(async () => {
  vi.resetModules();
  vi.doMock('#platform', () => import('../platform/web.ts'));
  vi.doMock('#runtime', () => import('./browser.ts'));
  ({ Client } = await import('../client.ts'));
});
afterAll(() => {
  vi.doUnmock('#platform');
  vi.doUnmock('#runtime');
  vi.resetModules();
});

const GOOD = { mode: 'sandbox', clientId: 'shop', secret: 's€cret' } as const;
const LOGIN = { access_token: 'token', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };

async function browserClient(routes: Record<string, Route> = {}, options: Partial<ClientOptions> = {}): Promise<ServerClient> {
  const { baseUrl } = await useGateway(routes);
  // A server per test, on a port that may be reused.
  return new Client({ ...GOOD, clientId: `shop-${Math.trunc(performance.now() * 1000)}`, baseUrl, ...options });
}

describe('a client in a browser', () => {
  it('makes calls as it does elsewhere', async () => {
    const client = await browserClient();
    expect(await client.getPaymentOrder(ORDER_UUID)).toEqual(ORDER);
    expect(await client.createPaymentOrder({ amount: '1' })).toMatchObject({ uuid: ORDER_UUID });
    expect(gateway.to('/token')).toHaveLength(1);
  });

  it.each([
    ['live', 'sandbox'],
    ['sandbox', 'live'],
  ] as const)('of mode %s refuses a gateway of mode %s', async (mode, theirs) => {
    const client = await browserClient({ '/token': json(200, LOGIN, { 'webpos-mode': theirs }) }, { mode });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name: 'ConfigurationError', field: 'mode' });
    expect(gateway.to(ORDER_PATH)).toEqual([]);
  });

  it.each(['http://pay.example', 'http://10.0.0.1:8080', 'http://localhost.example'])('of mode live refuses %s', (baseUrl) => {
    expect(() => new Client({ ...GOOD, mode: 'live', baseUrl })).toThrow('baseUrl: expected https in live mode');
    expect(new Client({ ...GOOD, baseUrl })).toBeInstanceOf(Client);
  });

  it.each(['https://pay.example', 'http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]'])(
    'of mode live accepts %s',
    (baseUrl) => expect(new Client({ ...GOOD, mode: 'live', baseUrl })).toBeInstanceOf(Client),
  );

  it('reads at most a mebibyte of an endless answer', async () => {
    let sent = 0;
    const closed = vi.fn<() => void>();
    const endless: Route = (response) => {
      response.once('close', closed);
      const write = (): void => {
        if (response.destroyed) return;
        sent += 65_536;
        response.write(' '.repeat(65_536), write);
      };
      write();
    };
    const client = await browserClient({ [ORDER_PATH]: endless }, { maxRetries: 0, http: { timeoutMs: 20_000 } });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toThrow('is longer than 1048576 bytes');
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
    expect(sent).toBeGreaterThan(1_048_576);
    // What the buffers on both sides hold comes on top.
    expect(sent).toBeLessThan(10 * 1_048_576);
  });

  it('waits as long as Retry-After asks', async () => {
    const busy: Route = (response) => response.writeHead(503, { 'retry-after': '1' }).end('<h1>Busy</h1>');
    const client = await browserClient({ [ORDER_PATH]: inTurn(busy, json(200, ORDER)) });
    const startedAtMs = performance.now();
    expect(await client.getPaymentOrder(ORDER_UUID)).toEqual(ORDER);
    expect(performance.now() - startedAtMs).toBeGreaterThan(990);
  });

  it('ends a call when the caller aborts it, and leaves no listener at the signal', async () => {
    const client = await browserClient({ [ORDER_PATH]: inTurn(json(200, ORDER), silence) });
    const controller = new AbortController();
    const { signal } = controller;
    await client.getPaymentOrder(ORDER_UUID, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const call = client.getPaymentOrder(ORDER_UUID, { signal });
    await vi.waitFor(() => expect(gateway.to(ORDER_PATH)).toHaveLength(2));
    controller.abort(new Error('enough'));
    await expect(call).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'enough' } });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('keeps answers out of the cache of the browser', async () => {
    const caches: unknown[] = [];
    const client = await browserClient(
      {},
      {
        http: {
          fetch: async (url, init) => {
            caches.push(init.cache);
            return await fetch(url, init);
          },
        },
      },
    );
    await client.getPaymentOrder(ORDER_UUID);
    expect(caches).toEqual(['no-store', 'no-store']);
  });

  it('shares a login with clients of the same mode, id and secret only', async () => {
    const client = await browserClient({ '/token': json(200, LOGIN) }, { clientId: 'shop' });
    await client.getPaymentOrder(ORDER_UUID);
    const { baseUrl } = gateway;
    for (const [own, logins] of [
      [{}, 1],
      [{ secret: 'another' }, 2],
      [{ mode: 'live' }, 3],
      [{ clientId: 'another' }, 4],
    ] as const) {
      await new Client({ ...GOOD, baseUrl, ...own }).getPaymentOrder(ORDER_UUID);
      expect(gateway.to('/token')).toHaveLength(logins);
    }
  });

  it.each(['https://user@pay.example', 'https://pay.example?q', 'https://pay.example#f', 'ftp://pay.example', 'pay.example', 7])(
    'refuses the base URL %s without showing it',
    (baseUrl) => {
      const expected = `baseUrl: expected a plain http or https URL, got ${typeof baseUrl}`;
      expect(() => new Client({ ...GOOD, baseUrl: baseUrl as string })).toThrow(expected);
    },
  );

  it('refuses an unknown option, and lists those that exist', () => {
    const options = { ...GOOD, baseURL: 'https://pay.example' } as never;
    expect(() => new Client(options)).toThrow(/^baseURL: unknown option \(known are .*\bbaseUrl\b/);
    expect(() => new Client({ ...GOOD, onRetry: () => undefined })).toThrow(/^onRetry: unknown option/);
  });

  it('redacts the token, the secret and its own headers', async () => {
    const echo: Route = (response, count, seen) =>
      json(400, { error_code: '0001', message: `${JSON.stringify(seen.headers)} s€cret`, request_id: 'r' })(
        response,
        count,
        seen,
      );
    const client = await browserClient({ [ORDER_PATH]: echo }, { http: { headers: { 'X-Access': 'a-service-token' } } });
    const error = (await client.getPaymentOrder(ORDER_UUID).catch((thrown: unknown) => thrown)) as WebposError;
    expect(error.message).toContain('"x-access":"[redacted]"');
    for (const secret of ['token-1', 's€cret', 'a-service-token']) expect(JSON.stringify(error)).not.toContain(secret);
  });

  it('reports whether an order may exist, and the key of each error', async () => {
    const client = await browserClient({ '/payment-order': cut }, { maxRetries: 0 });
    const failed = client.createPaymentOrder({ amount: '1' }, { idempotencyKey: 'a' });
    const cause = { message: 'TypeError: fetch failed' };
    await expect(failed).rejects.toMatchObject({ name: 'ConnectionError', idempotencyKey: 'a', orderMayExist: true, cause });
    const refused = await browserClient({ '/token': refuse(401, '1001') });
    const failures = ['a', 'b'].map((idempotencyKey) =>
      refused.createPaymentOrder({ amount: '1' }, { idempotencyKey }).catch((thrown: unknown) => thrown),
    );
    expect(await Promise.all(failures)).toMatchObject([
      { name: 'UnauthorizedClientError', idempotencyKey: 'a', orderMayExist: false },
      { name: 'UnauthorizedClientError', idempotencyKey: 'b', orderMayExist: false },
    ]);
  });

  it('creates orders on a page that is served over http, where there is no randomUUID', async () => {
    const client = await browserClient();
    const own = Object.getOwnPropertyDescriptor(Crypto.prototype, 'randomUUID')!;
    Object.defineProperty(Crypto.prototype, 'randomUUID', { value: undefined, configurable: true });
    try {
      for (let n = 0; n < 200; n += 1) await client.createPaymentOrder({ amount: '1' });
    } finally {
      Object.defineProperty(Crypto.prototype, 'randomUUID', own);
    }
    const keys = gateway.to('/payment-order').map(({ headers }) => String(headers['idempotency-key']));
    expect(new Set(keys).size).toBe(200);
    for (const key of keys) expect(key).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    // Every digit is drawn.
    for (const at of [0, 7, 9, 12, 15, 17, 20, 22, 24, 35]) expect(new Set(keys.map((key) => key[at])).size).toBeGreaterThan(3);
  });

  it.each([
    ['agent', { agent: {} }],
    ['proxy', { proxy: 'http://proxy.example' }],
    ['dispatcher', { dispatcher: {} }],
    ['verifySsl', { verifySsl: false }],
  ])('refuses %s, which requires Node', (field, http) => {
    expect(() => new Client({ ...GOOD, http })).toThrow(
      `${field}: expected none without node:http, got ${typeof Object.values(http)[0]}`,
    );
  });

  it("accepts Node's options at their defaults", () => {
    const http = { agent: undefined, proxy: undefined, verifySsl: true };
    expect(new Client({ ...GOOD, http })).toBeInstanceOf(Client);
  });
});
