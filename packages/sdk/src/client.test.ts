import { describe, expect, expectTypeOf, it } from 'vitest';
import { CREATED, cut, inTurn, json, logIn, ORDER, ORDER_PATH, ORDER_UUID } from '../test/gateway.ts';
import { clientOf, gateway, useGateway } from '../test/harness.ts';
import { Client } from './client.ts';
import type { WithAnswer } from './http/with-answer.ts';
import type { CallOptions } from './options/call-options.ts';
import type { PaymentOrderRetrieval } from './wire/index.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a Proxy around a client', () => {
  it.each([['by itself'], ['with a Proxy around all its members']])('makes the same calls as the client %s', async (what) => {
    const client = await clientOf();
    const asked: PropertyKey[] = [];
    const spy = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (from, name, receiver) => {
          asked.push(name);
          const value: unknown = Reflect.get(from, name, receiver);
          return what === 'by itself' || typeof value !== 'object' || value === null ? value : spy(value);
        },
      });
    const proxy = spy(client);
    expect(await proxy.getPaymentOrder(ORDER_UUID)).toMatchObject({ uuid: ORDER_UUID });
    expect((await proxy.withAnswer.getPaymentOrder(ORDER_UUID)).answer.status).toBe(200);
    await proxy.close();
    expect(asked).toContain('getPaymentOrder');
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toThrow('client: expected open, got closed');
  });
});

describe('the types of a client', () => {
  it('are plain promises of the wire objects', () => {
    expectTypeOf<Client['getPaymentOrder']>().toEqualTypeOf<
      (uuid: string, options?: CallOptions) => Promise<PaymentOrderRetrieval>
    >();
    expectTypeOf<Client['withAnswer']['getPaymentOrder']>().toEqualTypeOf<
      (uuid: string, options?: CallOptions) => Promise<WithAnswer<PaymentOrderRetrieval>>
    >();
    // An object with the calls of a client can replace it, as a test double does.
    expectTypeOf<Pick<Client, keyof Client>>().toExtend<Client>();
  });
});

describe('a call', () => {
  it('logs in by itself, as the contract requires', async () => {
    const client = await clientOf();
    expect(await client.getPaymentOrder(ORDER_UUID)).toMatchObject({ uuid: ORDER_UUID, amount: '10.00' });
    expect(gateway.to('/token')[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials&scope=*',
      headers: {
        authorization: `Basic ${Buffer.from('shop:s€cret').toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        'x-api-version': 'v1',
        accept: 'application/json',
      },
    });
    expect(gateway.to(ORDER_PATH)[0]).toMatchObject({
      method: 'GET',
      body: '',
      headers: { authorization: 'Bearer token-1', 'x-api-version': 'v1', accept: 'application/json' },
    });
  });

  it('that creates an order sends JSON and an Idempotency-Key of its own', async () => {
    const client = await clientOf();
    const created = await client.createPaymentOrder({ amount: '10.00', reference: 'cart 42' });
    await client.createPaymentOrder({ amount: '10.00' });
    await client.createPaymentOrder({ amount: '10.00' }, { idempotencyKey: 'cart-42' });
    expect(created).toMatchObject({ uuid: ORDER_UUID, amount: 16667 });
    const sent = gateway.to('/payment-order');
    expect(JSON.parse(sent[0]!.body)).toEqual({ amount: '10.00', reference: 'cart 42' });
    expect(sent[0]!.headers['content-type']).toBe('application/json');
    const keys = sent.map((request) => request.headers['idempotency-key']);
    expect(keys[0]).toMatch(UUID_V4);
    expect(keys[1]).toMatch(UUID_V4);
    expect(keys[0]).not.toBe(keys[1]);
    expect(keys[2]).toBe('cart-42');
  });

  it('that is invalid sends nothing', async () => {
    const client = await clientOf();
    await expect(client.createPaymentOrder({ amount: '0' })).rejects.toMatchObject({
      name: 'ValidationError',
      errorCode: '0001',
    });
    await expect(client.getPaymentOrder('../token')).rejects.toMatchObject({ name: 'ValidationError' });
    expect(gateway.seen).toEqual([]);
  });

  it('reaches a gateway below a path', async () => {
    await useGateway({ '/shop/token': logIn(), [`/shop${ORDER_PATH}`]: json(200, ORDER) });
    const client = new Client({ mode: 'live', clientId: 'shop', secret: 's', baseUrl: `${gateway.baseUrl}/shop/` });
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
  });

  it('that creates an order is retried by another client that took over the token from the process', async () => {
    const login = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600 };
    const honouring = json(200, login, { 'idempotency-key-honoured': 'true' });
    await (await clientOf({ '/token': honouring, '/payment-order': inTurn(cut, json(200, CREATED)) })).clientCredentialsLogin();
    const other = new Client({ mode: 'sandbox', clientId: 'shop', secret: 's€cret', baseUrl: gateway.baseUrl });
    await other.createPaymentOrder({ amount: '1' });
    expect([gateway.to('/token').length, gateway.to('/payment-order').length]).toEqual([1, 2]);
  });
});
