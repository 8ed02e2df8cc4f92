import { afterEach, describe, expect, it, vi } from 'vitest';
import { ORDER_UUID } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import { dropRepeats, standardWebhooks, webCallbacks } from '../adapters/index.ts';
import { CallbackHandler } from '../callbacks/index.ts';
import { Client } from '../client.ts';
import { createFakePlatform } from '../testing/index.ts';
import { memoryTokenStore, processTokens } from './token-store.ts';

afterEach(() => void vi.unstubAllGlobals());

const OWNER = { mode: 'sandbox', baseUrl: 'https://pay.example', clientId: 'shop', secret: 'hush-hush' } as const;
const TOKEN = { accessToken: 'token', refreshAtMs: 1, expiresAtMs: 2 };

describe('the tokens of this process', () => {
  it('are stored under keys that show no secret', async () => {
    const client = await clientOf({}, { secret: 'hush-hush', http: { fetch: undefined } });
    await client.getPaymentOrder(ORDER_UUID);
    expect(processTokens.size).toBe(1);
    const [key = ''] = processTokens.keys();
    for (const form of ['hush-hush', Buffer.from('hush-hush').toString('base64'), 'shop']) expect(key).not.toContain(form);
  });

  it('are shared only by clients with the same mode, address, id and secret', async () => {
    const tokens = new Map();
    const storeOf = memoryTokenStore(tokens);
    await storeOf(OWNER).write(TOKEN);
    expect(await storeOf({ ...OWNER }).read()).toEqual(TOKEN);
    const others = [
      { mode: 'live' },
      { baseUrl: 'https://pay.example/b' },
      { clientId: 'shop2' },
      { secret: 'hush-husH' },
    ] as const;
    for (const other of others) expect(await storeOf({ ...OWNER, ...other }).read()).toBeUndefined();
    await storeOf(OWNER).remove();
    expect(tokens.size).toBe(0);
  });
});

describe('without the global crypto, as in the environments of Jest 27', () => {
  it('the client creates an order and stores its token with node:crypto', async () => {
    vi.stubGlobal('crypto', undefined);
    const client = await clientOf({}, { http: { fetch: undefined } });
    await expect(client.createPaymentOrder({ amount: '1' })).resolves.toMatchObject({ uuid: ORDER_UUID });
    expect(gateway.to('/payment-order')[0]?.headers['idempotency-key']).toMatch(/^[\da-f-]{36}$/);
  });

  it('a callback is claimed, and the fake platform takes an order, with node:crypto', async () => {
    vi.stubGlobal('crypto', undefined);
    const handle = vi.fn<() => void>();
    const secret = 'whsec_'.padEnd(134, 'c2Vj');
    const callbacks = new CallbackHandler({ secret: 'fake-secret', standardWebhooks: standardWebhooks(secret) });
    const deliver = webCallbacks(callbacks, dropRepeats(handle));
    const platform = createFakePlatform({ deliver, standardWebhooksSecret: secret });
    const { uuid } = await new Client(platform.clientOptions).createPaymentOrder({ amount: '1' });
    await platform.pay(uuid);
    expect(platform.callbacks).toMatchObject([{ uuid, acknowledged: true }]);
    expect(handle).toHaveBeenCalledOnce();
  });

  it('the client names the remedy if there is no node:crypto either', async () => {
    vi.stubGlobal('crypto', undefined);
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
    const client = new Client({ ...OWNER, baseUrl: 'http://127.0.0.1:9', cache: memoryTokenStore() });
    await expect(client.createPaymentOrder({ amount: '1' })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: 'crypto: no global crypto: set globalThis.crypto to webcrypto of node:crypto',
    });
  });
});
