import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { inTurn, json, logIn, ORDER, ORDER_PATH, ORDER_UUID, refuse } from '../../test/gateway.ts';
import { clientOf, gateway, useGateway } from '../../test/harness.ts';
import { Client } from '../client.ts';
import { type Logger, sharedTokens, type TokenCache } from './index.ts';

const clientWith = (cache: TokenCache, logger?: Logger, secret = 's€cret'): Client =>
  new Client({
    mode: 'sandbox',
    clientId: 'shop',
    secret,
    baseUrl: gateway.baseUrl,
    cache: sharedTokens(cache, logger === undefined ? {} : { logger }),
  });

describe('the tokens of one process', () => {
  it('are shared by clients with the same secret, and by no others', async () => {
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

describe('a client with a fetch of its own', () => {
  it('keeps its token for itself', async () => {
    const first = await clientOf();
    const own = new Client({
      mode: 'sandbox',
      clientId: 'shop',
      secret: 's€cret',
      baseUrl: gateway.baseUrl,
      fetch: (...sent) => fetch(...sent),
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
    // The call does not wait for its token to be kept.
    await vi.waitFor(() => expect(kept.size).toBe(1));
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(1);
    expect([...kept.keys()]).toEqual([`webpos:shop:${gateway.baseUrl}`]);
    expect([...kept.values()].join()).not.toContain('s€cret');
    expect(set.mock.calls[0]![2]).toBeGreaterThan(3_500_000);
    expect(set.mock.calls[0]![2]).toBeLessThanOrEqual(3_600_000);
  });

  it('gives no token to who does not know the secret', async () => {
    await useGateway({ '/token': inTurn(logIn(), refuse(401, '1001')) });
    const cache = new Map<string, string>();
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    await vi.waitFor(() => expect(cache.size).toBe(1));
    const failed = clientWith(cache, undefined, 'guessed').getPaymentOrder(ORDER_UUID);
    await expect(failed).rejects.toMatchObject({ name: 'UnauthorizedClientError' });
  });

  it('gives no token again that was refused', async () => {
    await useGateway({ [ORDER_PATH]: inTurn(json(200, ORDER), refuse(401, '1004'), json(200, ORDER)) });
    const cache = new Map<string, string>();
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    await vi.waitFor(() => expect(cache.size).toBe(1));
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    const tokens = gateway.to(ORDER_PATH).map((request) => request.headers.authorization);
    expect(tokens).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
    await vi.waitFor(() => expect([...cache.values()].join()).toContain('token-2'));
  });

  it('gives no token that is about to run out', async () => {
    await useGateway({ '/token': logIn(0) });
    const cache = new Map<string, string>();
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    await clientWith(cache).getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(2);
    expect(cache.size).toBe(0);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no JSON', 'token-9'],
    ['null', 'null'],
    ['another thing', '{"accessToken":"token-9"}'],
    ['no text', { accessToken: 'token-9' }],
  ])('may hold %s', async (_what, value) => {
    await useGateway();
    const logger = { warn: vi.fn<Logger['warn']>() };
    await clientWith({ get: () => value, set: () => undefined }, logger).getPaymentOrder(ORDER_UUID);
    expect(gateway.to(ORDER_PATH)[0]!.headers.authorization).toBe('Bearer token-1');
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('that fails is told to the logger without a secret, and passed by', async () => {
    await useGateway();
    const logger = { warn: vi.fn<Logger['warn']>() };
    const fail = (...told: unknown[]): never => {
      throw new Error(`down: ${told.join(' ')} s€cret`);
    };
    await clientWith({ get: fail, set: async (...told) => fail(...told) }, logger).getPaymentOrder(ORDER_UUID);
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledTimes(2));
    const shown = inspect(logger.warn.mock.calls, { depth: 9 });
    expect(shown).toContain('cache.get failed');
    expect(shown).toContain('cache.set failed');
    for (const secret of ['s€cret', 'token-1']) expect(shown).not.toContain(secret);
  });

  it('that hangs costs a second, and a logger that throws nothing', async () => {
    await useGateway();
    const never = (): Promise<never> => new Promise(() => undefined);
    const logger: Logger = {
      warn: () => {
        throw new Error('the log is full');
      },
    };
    const startedAtMs = performance.now();
    await clientWith({ get: never, set: never }, logger).getPaymentOrder(ORDER_UUID);
    expect(performance.now() - startedAtMs).toBeLessThan(2500);
  });

  it('is named when it is not made by sharedTokens', () => {
    const make = (): Client => new Client({ mode: 'sandbox', clientId: 'shop', secret: 's', cache: new Map() as never });
    expect(make).toThrow('cache: expected sharedTokens(store) of @webpos/sdk/cache, got object');
  });
});
