/** A client never works with a gateway of the other mode. */
import { describe, expect, it } from 'vitest';
import { json, ORDER_PATH, ORDER_UUID } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import { Client } from '../client.ts';
import { parseClientOptions } from '../options/client-options.ts';

const LOGIN = { access_token: 'token', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };
const gatewayOf = (mode: string) => ({ '/token': json(200, LOGIN, { 'webpos-mode': mode }) });

describe('the mode of a gateway', () => {
  it.each([
    ['live', 'sandbox'],
    ['sandbox', 'live'],
  ] as const)('that a %s client meets cannot be %s', async (mode, theirs) => {
    const client = await clientOf(gatewayOf(theirs), { mode });
    const problem = { name: 'ConfigurationError', field: 'mode' };
    await expect(client.createPaymentOrder({ amount: '1' })).rejects.toMatchObject(problem);
    await expect(client.clientCredentialsLogin()).rejects.toThrow(`mode: expected ${theirs}, the gateway's mode, got "${mode}"`);
    expect(gateway.to('/payment-order')).toEqual([]);
  });

  it('is not checked for a token that a client of the right mode has shared', async () => {
    const right = await clientOf(gatewayOf('sandbox'));
    await right.getPaymentOrder(ORDER_UUID);
    const { baseUrl } = gateway;
    const [shared, wrong] = (['sandbox', 'live'] as const).map(
      (mode) => new Client({ mode, clientId: 'shop', secret: 's€cret', baseUrl }),
    );
    await shared!.getPaymentOrder(ORDER_UUID);
    await expect(wrong!.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ field: 'mode' });
    expect(gateway.to(ORDER_PATH)).toHaveLength(2);
  });

  it('may be missing, as on the public platform', async () => {
    const client = await clientOf({ '/token': json(200, LOGIN) }, { mode: 'live' });
    await expect(client.getPaymentOrder(ORDER_UUID)).resolves.toMatchObject({ uuid: ORDER_UUID });
  });
});

describe('a live client', () => {
  const GOOD = { mode: 'live', clientId: 'shop', secret: 'hush-hush' } as const;

  it.each(['http://pay.example', 'http://10.0.0.1:8080', 'http://127.0.0.1.example', 'http://localhost.example', 'http://[::2]'])(
    'refuses %s',
    (baseUrl) => {
      expect(() => parseClientOptions({ ...GOOD, baseUrl })).toThrow(/^baseUrl: expected https in live mode/);
      expect(parseClientOptions({ ...GOOD, mode: 'sandbox', baseUrl }).baseUrl).toBe(baseUrl);
    },
  );

  it.each(['http://127.0.0.1:8080', 'http://127.9.9.9', 'http://localhost:8080', 'http://[::1]:8080', 'https://pay.example'])(
    'accepts %s',
    (baseUrl) => {
      expect(parseClientOptions({ ...GOOD, baseUrl }).baseUrl).toBe(baseUrl);
    },
  );
});
