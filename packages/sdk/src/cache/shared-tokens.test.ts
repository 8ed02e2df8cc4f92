import { inspect } from 'node:util';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { describe, expect, it, vi } from 'vitest';
import { CREATED, cut, inTurn, json, logIn, ORDER, ORDER_PATH, ORDER_UUID, refuse, type Route } from '../../test/gateway.ts';
import { clientOf, gateway, useGateway } from '../../test/harness.ts';
import { Client } from '../client.ts';
import type { ClientOptions } from '../options/client-options.ts';
import type { Logger } from '../options/logger.ts';
import { sharedTokens, type TokenCache } from './index.ts';

const clientOn = (cache: ClientOptions['cache'], logger?: Logger, secret = 's€cret'): Client =>
  new Client({ mode: 'sandbox', clientId: 'shop', secret, baseUrl: gateway.baseUrl, cache, logger });
/** A client of another process: only the store is shared. */
const clientWith = (cache: TokenCache, logger?: Logger, secret?: string): Client => clientOn(sharedTokens(cache), logger, secret);
const tokensSent = (): unknown[] => gateway.to(ORDER_PATH).map((request) => request.headers.authorization);

describe('the tokens of one process', () => {
  it('are shared only by clients with the same secret', async () => {
    const first = await clientOf();
    const { baseUrl } = gateway;
    const same = new Client({ mode: 'sandbox', clientId: 'shop', secret: 's€cret', baseUrl });
    const stranger = new Client({ mode: 'sandbox', clientId: 'shop', secret: 'guessed', baseUrl });
    const other = new Client({ mode: 'sandbox', clientId: 'other', secret: 's€cret', baseUrl });
    for (const client of [first, same, stranger, other]) await client.getPaymentOrder(ORDER_UUID);
    const tokens = gateway.to(ORDER_PATH).map((request) => request.headers.authorization);
    expect(tokens).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
  });
});

describe('a client with its own fetch', () => {
  it('keeps its token to itself', async () => {
    const first = await clientOf();
    const own = new Client({
      mode: 'sandbox',
      clientId: 'shop',
      secret: 's€cret',
      baseUrl: gateway.baseUrl,
      http: { fetch: (...sent) => fetch(...sent) },
    });
    for (const client of [first, own, own]) await client.getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(2);
  });
});

describe('a shared store of tokens', () => {
  it('saves a login, and holds no secret', async () => {
    await useGateway();
    const kept = new Map<string, string>();
    const set = vi.fn<TokenCache['set']>((key, value) => kept.set(key, value));
    const cache = { get: async (key: string) => kept.get(key), set };
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    // The call does not wait for its token to be stored.
    await vi.waitFor(() => expect(kept.size).toBe(1));
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(1);
    expect([...kept.keys()]).toEqual([`webpos:shop:${gateway.baseUrl}`]);
    expect([...kept.values()].join()).not.toContain('s€cret');
    expect(set.mock.calls[0]![2]).toBeGreaterThan(3_500_000);
    expect(set.mock.calls[0]![2]).toBeLessThanOrEqual(3_600_000);
  });

  it('gives no token to a client without the secret', async () => {
    await useGateway({ '/token': inTurn(logIn(), refuse(401, '1001')) });
    const cache = new Map<string, string>();
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    await vi.waitFor(() => expect(cache.size).toBe(1));
    const failed = clientWith(cache, undefined, 'guessed').getPaymentOrder(ORDER_UUID);
    await expect(failed).rejects.toMatchObject({ name: 'UnauthorizedClientError' });
  });

  describe('that anyone can write to', () => {
    const key = (): string => `webpos:shop:${gateway.baseUrl}`;
    const written = async (): Promise<Map<string, string>> => {
      await useGateway();
      const cache = new Map<string, string>();
      await clientWith(cache).getPaymentOrder(ORDER_UUID);
      await settled();
      return cache;
    };

    it.each<[string, Record<string, unknown>]>([
      ['a token', { accessToken: 'planted' }],
      ['a later expiry', { expiresAtMs: Date.now() + 1e12, refreshAtMs: Date.now() + 1e12 }],
      ['a later refresh', { refreshAtMs: Date.now() + 1e9 }],
      ['an expiry that is text', { expiresAtMs: '9e15' }],
      ['the claim that keys are honoured', { honoursKeys: true }],
    ])('gives out no token with %s planted in it', async (_what, planted) => {
      const cache = await written();
      const { token, seal } = JSON.parse(cache.get(key())!) as { token: string; seal: string };
      const theirs = JSON.stringify({ ...(JSON.parse(token) as object), ...planted });
      cache.set(key(), JSON.stringify({ token: theirs, seal, ...planted }));
      await clientWith(cache).getPaymentOrder(ORDER_UUID);
      expect(tokensSent()).toEqual(['Bearer token-1', 'Bearer token-2']);
      await settled();
      await clientWith(cache).getPaymentOrder(ORDER_UUID);
      // The planted token has been replaced.
      expect(tokensSent()).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
    });

    it.each([['another'], [7], [undefined], ['']])('gives out no token with the seal %j', async (seal) => {
      const cache = await written();
      cache.set(key(), JSON.stringify({ ...(JSON.parse(cache.get(key())!) as object), seal }));
      await clientWith(cache).getPaymentOrder(ORDER_UUID);
      expect(tokensSent()).toEqual(['Bearer token-1', 'Bearer token-2']);
    });

    it('gives out no token with the seal of another POS', async () => {
      const cache = await written();
      const theirs = new Map<string, string>();
      const { baseUrl } = gateway;
      const other = { mode: 'sandbox', clientId: 'other', secret: 'of another', baseUrl } as const;
      await new Client({ ...other, cache: sharedTokens(theirs) }).getPaymentOrder(ORDER_UUID);
      await settled();
      cache.set(key(), theirs.get(`webpos:other:${baseUrl}`)!);
      await clientWith(cache).getPaymentOrder(ORDER_UUID);
      expect(tokensSent()).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
    });
  });

  it('gives out no token that was refused', async () => {
    await useGateway({ [ORDER_PATH]: inTurn(json(200, ORDER), refuse(401, '1004'), json(200, ORDER)) });
    const cache = new Map<string, string>();
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    await vi.waitFor(() => expect(cache.size).toBe(1));
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    const tokens = gateway.to(ORDER_PATH).map((request) => request.headers.authorization);
    expect(tokens).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
    await vi.waitFor(() => expect([...cache.values()].join()).toContain('token-2'));
  });

  it('gives out no token that is about to expire', async () => {
    await useGateway({ '/token': logIn(0) });
    const cache = new Map<string, string>();
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(2);
    expect(cache.size).toBe(0);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text that is not JSON', 'token-9'],
    ['null', 'null'],
    ['other JSON', '{"accessToken":"token-9"}'],
    ['a list', '[1,2]'],
    ['bytes', new Uint8Array(9)],
    ['an object', { accessToken: 'token-9' }],
    ['a number', 7],
    ['a megabyte', 'x'.repeat(1_048_576)],
  ])('may hold %s', async (_what, value) => {
    await useGateway();
    const logger = { warn: vi.fn<Logger['warn']>() };
    await clientWith({ get: () => value, set: () => undefined }, logger).getPaymentOrder(ORDER_UUID);
    expect(gateway.to(ORDER_PATH)[0]!.headers.authorization).toBe('Bearer token-1');
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('is skipped if it fails, which is logged once and without a secret', async () => {
    await useGateway();
    const logger = { warn: vi.fn<Logger['warn']>() };
    const fail = (...reported: unknown[]): never => {
      throw new Error(`down: ${reported.join(' ')} s€cret`);
    };
    const client = clientWith({ get: fail, set: async (...reported) => fail(...reported), delete: fail }, logger);
    await client.getPaymentOrder(ORDER_UUID);
    await settled();
    expect(logger.warn).toHaveBeenCalledOnce();
    const shown = inspect(logger.warn.mock.calls, { depth: 9 });
    expect(shown).toContain('cache.get failed: continuing without the cache');
    for (const secret of ['s€cret', 'token-1']) expect(shown).not.toContain(secret);
  });

  it('does not show a token that it fails to store', async () => {
    await useGateway();
    const logger = { warn: vi.fn<Logger['warn']>() };
    const set = (_key: string, value: string): never => {
      throw new Error(`no space for ${value}`, { cause: { value } });
    };
    await clientWith({ get: () => null, set }, logger).getPaymentOrder(ORDER_UUID);
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledOnce());
    const shown = inspect(logger.warn.mock.calls, { depth: 9 });
    expect(shown).toContain('cache.set failed');
    expect(shown).not.toContain('token-1');
  });

  it('logs its failure to the console if the client has no logger', async () => {
    await useGateway();
    const reported = vi.spyOn(console, 'warn').mockReturnValue();
    const get = (): never => {
      throw new Error('down');
    };
    await clientWith({ get, set: () => undefined }).getPaymentOrder(ORDER_UUID);
    expect(reported).toHaveBeenCalledWith('@webpos/sdk: cache.get failed: continuing without the cache', expect.any(Error));
  });

  it('costs one second in all if it hangs, and a throwing logger costs nothing', async () => {
    await useGateway();
    const never = (): Promise<never> => new Promise(() => undefined);
    const logger: Logger = {
      warn: () => {
        throw new Error('the log is full');
      },
    };
    const cache = sharedTokens({ get: never, set: never });
    const startedAtMs = performance.now();
    await clientOn(cache, logger).getPaymentOrder(ORDER_UUID);
    const firstMs = performance.now() - startedAtMs;
    expect(firstMs).toBeGreaterThan(900);
    for (let n = 0; n < 5; n += 1) await clientOn(cache, logger).getPaymentOrder(ORDER_UUID);
    expect(performance.now() - startedAtMs).toBeLessThan(firstMs + 900);
  });

  it('is read once by twenty calls of a new client, and one login follows', async () => {
    await useGateway();
    const get = vi.fn<TokenCache['get']>(() => new Promise((resolve) => setTimeout(resolve, 200)));
    const client = clientWith({ get, set: () => undefined });
    await Promise.all(Array.from({ length: 20 }, () => client.getPaymentOrder(ORDER_UUID)));
    expect([get.mock.calls.length, gateway.to('/token').length]).toEqual([1, 1]);
  });

  it("gives no client another client's token if it mixes up its keys", async () => {
    await useGateway();
    let only: string | undefined;
    const cache = { get: () => only, set: (_key: string, value: string) => void (only = value) };
    const { baseUrl } = gateway;
    const options = { mode: 'sandbox', clientId: 'shop', secret: 's€cret', baseUrl } as const;
    const others = [{}, { clientId: 'other' }, { baseUrl: `${baseUrl}/elsewhere` }, { secret: 'another' }];
    for (const other of others) {
      const client = new Client({ ...options, ...other, cache: sharedTokens(cache) });
      await client.getPaymentOrder(ORDER_UUID).catch(() => undefined);
      await settled();
    }
    const logins = gateway.seen.filter(({ path }) => path.endsWith('/token'));
    expect(logins).toHaveLength(4);
  });

  it('holds one token per base URL for clients with the same id', async () => {
    const cache = new Map<string, string>();
    for (let n = 0; n < 2; n += 1) {
      await useGateway();
      await clientWith(cache).getPaymentOrder(ORDER_UUID);
      await settled();
      expect(gateway.to('/token')).toHaveLength(1);
    }
    expect(cache.size).toBe(2);
  });

  it.each([
    ['ahead', 86_400_000],
    ['behind', -86_400_000],
  ])('may hold a token of a process whose clock is a day %s', async (_how, byMs) => {
    const hasRunOut: Route = (response, count, seen) =>
      (count > 1 && seen.headers.authorization === 'Bearer token-1' ? refuse(401, '1004') : json(200, ORDER))(
        response,
        count,
        seen,
      );
    await useGateway({ [ORDER_PATH]: hasRunOut });
    const cache = new Map<string, string>();
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + byMs);
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    await settled();
    now.mockRestore();
    // Either too old by our clock, or used until the server refuses it: one login, and no error.
    expect((await clientWith(cache).getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(2);
  });

  it('records that keys are honoured', async () => {
    const login = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };
    const token = json(200, login, { 'idempotency-key-honoured': 'true' });
    await useGateway({ '/token': token, '/payment-order': inTurn(cut, json(200, CREATED)) });
    const cache = new Map<string, string>();
    await clientWith(cache).clientCredentialsLogin();
    await settled();
    await clientWith(cache).createPaymentOrder({ amount: '1' });
    expect([gateway.to('/payment-order').length, gateway.to('/token').length]).toEqual([2, 1]);
  });

  it('must be made by sharedTokens', () => {
    const make = (): Client => new Client({ mode: 'sandbox', clientId: 'shop', secret: 's', cache: new Map() as never });
    expect(make).toThrow('cache: expected sharedTokens(store) of @webpos/sdk/cache, got object');
  });
});

describe.each<[string, () => TokenCache]>([
  ['a Map', () => new Map<string, string>()],
  ['a Keyv', () => new Keyv()],
  ['a cache of cache-manager, as in NestJS', () => createCache()],
  ['a store with only get and set', () => withoutDelete(new Map())],
])('%s as a token store', (_what, open) => {
  it('shares one login, and drops a refused token', async () => {
    await useGateway({
      [ORDER_PATH]: inTurn(json(200, ORDER), json(200, ORDER), refuse(401, '1007'), json(200, ORDER)),
      '/token': inTurn(logIn(), refuse(500, '4000')),
    });
    const cache = open();
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    await settled();
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    expect([gateway.to('/token').length, tokensSent()]).toEqual([1, ['Bearer token-1', 'Bearer token-1']]);
    await expect(clientWith(cache).getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name: 'InternalServerError' });
    await settled();
    expect((await cache.get(`webpos:shop:${gateway.baseUrl}`)) || undefined).toBeUndefined();
  });
});

function withoutDelete(kept: Map<string, string>): TokenCache {
  return { get: (key) => kept.get(key), set: (key, value) => kept.set(key, value) };
}

/** Waits for the background work of a call. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
