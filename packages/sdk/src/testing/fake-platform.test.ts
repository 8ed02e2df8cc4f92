import { describe, expect, it } from 'vitest';
import { HOOK, openFakeShop } from '../../test/fake-shop.ts';
import { Client } from '../client.ts';
import type { BlockchainStatus, CallbackEvent } from '../wire/index.ts';
import { createFakePlatform, type FakePlatform, type FakePlatformOptions } from './index.ts';

describe('the fake platform', () => {
  it('creates an order, and returns it', async () => {
    const { client } = openFakeShop();
    const made = await client.createPaymentOrder({ amount: '10.00', reference: 'cart 42', required_confirmations: 2 });
    expect(made).toMatchObject({ amount: 16_667, expires_in: 900, reference: 'cart 42' });
    const order = await client.getPaymentOrder(made.uuid);
    expect(order).toMatchObject({ amount: '10.00', btc_amount: 16_667, address: made.address, required_confirmations: 2 });
    expect(order.state).toMatchObject({ status: 'pending', unpaid: { crypto: 16_667, fiat: '10.00' } });
  });

  it.each<[string, FakePlatformOptions, string | null]>([
    ['to a default if they are delivered', { deliver: () => new Response() }, 'https://shop.example/callback'],
    [
      'to that of the POS',
      { deliver: () => new Response(), callbackUrl: 'https://shop.example/hook' },
      'https://shop.example/hook',
    ],
    ['to that of the POS, without delivery', { callbackUrl: 'https://shop.example/hook' }, 'https://shop.example/hook'],
    ['nowhere if the POS has none', { deliver: () => new Response(), callbackUrl: null }, null],
    ['nowhere if nothing is delivered', {}, null],
  ])('sends callbacks of an order without a URL %s', async (_where, options, url) => {
    const platform = createFakePlatform(options);
    const client = new Client(platform.clientOptions);
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: null });
    await platform.pay(uuid);
    const isSent = url !== null && options.deliver !== undefined;
    expect(platform.callbacks).toMatchObject([{ url, attempts: isSent ? 1 : 0, acknowledged: isSent }]);
    expect((await client.getPaymentOrder(uuid)).callback_url ?? null).toBe(url);
    const named = await client.createPaymentOrder({ amount: '10.00', callback_url: 'https://shop.example/own' });
    expect((await client.getPaymentOrder(named.uuid)).callback_url).toBe('https://shop.example/own');
  });

  it('answers exactly the fields of the contract', async () => {
    const { client } = openFakeShop();
    const made = await client.createPaymentOrder({ amount: '10.00' });
    expect(Object.keys(made).join(' ')).toBe(
      'uuid address uri amount rate redirect_url created_at expiration_time expires_in reference',
    );
    expect(Object.keys(await client.getPaymentOrder(made.uuid)).join(' ')).toBe(
      'uuid address uri amount btc_amount currency rate state transactions required_confirmations created_at created_by ' +
        'expiration_time expires_in resolved_at dispute_start_date chargeback_date reference details redirect_url',
    );
  });

  it('lists orders by page, status and order', async () => {
    const { client, platform } = openFakeShop();
    const uuids: string[] = [];
    for (const amount of ['3.00', '1.00', '2.00']) uuids.push((await client.createPaymentOrder({ amount })).uuid);
    await platform.pay(uuids[1]!);
    const amounts = async (query: Parameters<Client['getPaymentOrders']>[0]): Promise<string[]> =>
      (await client.getPaymentOrders(query)).paymentorders.map(({ amount }) => amount);
    expect(await amounts({})).toEqual(['2.00', '1.00', '3.00']);
    expect(await amounts({ sortBy: 'amount', sortOrder: 'asc' })).toEqual(['1.00', '2.00', '3.00']);
    expect(await amounts({ pageSize: 2, page: 1 })).toEqual(['3.00']);
    expect(await amounts({ status: 'paid' })).toEqual(['1.00']);
    expect(await client.getPaymentOrders({ pageSize: 2 })).toMatchObject({ total_items: 3, total_pages: 2 });
    expect(await client.getPaymentOrders({ status: 'expired' })).toMatchObject({ total_items: 0, total_pages: 0 });
  });

  it('lists the orders of one reference', async () => {
    const { client } = openFakeShop();
    const { uuid } = await client.createPaymentOrder({ amount: '3.00', reference: 'cart 42' });
    await client.createPaymentOrder({ amount: '3.00', reference: 'cart 43' });
    await client.createPaymentOrder({ amount: '3.00' });
    const { total_items, paymentorders } = await client.getPaymentOrders({ reference: 'cart 42' });
    expect([total_items, paymentorders.map((order) => order.uuid)]).toEqual([1, [uuid]]);
    const listed: string[] = [];
    for await (const order of client.listPaymentOrders({ reference: 'cart 42' })) listed.push(order.uuid);
    expect(listed).toEqual([uuid]);
    expect((await client.getPaymentOrders({ reference: 'cart 42', status: 'paid' })).total_items).toBe(0);
  });

  it('cancels an order, once and again', async () => {
    const { client } = openFakeShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', cancel_url: 'https://shop.example/cancelled' });
    const gone = { cancel_url: 'https://shop.example/cancelled' };
    expect([await client.deletePaymentOrder(uuid), await client.deletePaymentOrder(uuid)]).toEqual([gone, gone]);
    expect((await client.getPaymentOrder(uuid)).state.status).toBe('cancelled');
  });

  it('cannot cancel a paid order', async () => {
    const { client, platform } = openFakeShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
    await platform.pay(uuid);
    await expect(client.deletePaymentOrder(uuid)).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it.each<[CallbackEvent[], BlockchainStatus, CallbackEvent[]]>([
    [[], 'pending', ['payment.completed', 'payment.overpaid', 'payment.cancelled', 'payment.expired']],
    [['payment.completed'], 'paid', ['payment.overpaid', 'payment.dispute.start']],
    [['payment.completed', 'payment.dispute.start'], 'mempool_network_dispute', ['payment.dispute.end', 'payment.chargeback']],
    [
      ['payment.completed', 'payment.dispute.start', 'payment.dispute.end'],
      'paid',
      ['payment.overpaid', 'payment.dispute.start'],
    ],
    [['payment.completed', 'payment.dispute.start', 'payment.chargeback'], 'chargeback', ['payment.overpaid']],
    [['payment.expired'], 'expired', ['payment.overpaid']],
    [['payment.cancelled'], 'cancelled', ['payment.overpaid']],
  ])('brings an order through %j to %s', async (events, status, possible) => {
    const { client, platform } = openFakeShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: HOOK });
    for (const callback of events) await client.paymentUpdate(uuid, { callback });
    expect((await client.getPaymentOrder(uuid)).state.blockchain_status).toBe(status);
    expect((await client.getCallbacks(uuid)).callbacks.map(({ name }) => name)).toEqual(possible);
    expect(platform.callbacks.map(({ event }) => event)).toEqual(events);
    await expect(client.paymentUpdate(uuid, { callback: 'payment.transaction.changed' })).rejects.toMatchObject({
      errorCode: '0013',
    });
    const fresh = await client.paymentReset(uuid);
    expect([fresh.state.status, fresh.transactions, fresh.expires_in]).toEqual(['pending', [], 900]);
  });

  it('has no sandbox endpoints in live mode', async () => {
    const { client } = openFakeShop({ mode: 'live' });
    const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
    await expect(client.getCallbacks(uuid)).rejects.toMatchObject({ errorCode: '3001' });
    await expect(client.paymentReset(uuid)).rejects.toMatchObject({ errorCode: '3001' });
  });

  it('makes the client log in again when the token has expired', async () => {
    const { client, platform } = openFakeShop();
    const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
    platform.expireTokens();
    await client.getPaymentOrder(uuid);
    expect(platform.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['POST', '/token', 200],
      ['POST', '/payment-order', 201],
      ['GET', `/payment-order/${uuid}`, 401],
      ['POST', '/token', 200],
      ['GET', `/payment-order/${uuid}`, 200],
    ]);
  });

  it('creates one order per key', async () => {
    const { client } = openFakeShop();
    const make = async (amount: string): Promise<string> =>
      (await client.createPaymentOrder({ amount }, { idempotencyKey: 'cart-42' })).uuid;
    expect(await make('10.00')).toBe(await make('10.00'));
    await expect(make('11.00')).rejects.toMatchObject({ errorCode: '0001' });
  });
});

describe('a connection that breaks after the creation of an order', () => {
  const total = async (platform: FakePlatform): Promise<number> =>
    (await new Client(platform.clientOptions).getPaymentOrders()).total_items;

  it('leaves one order if keys are honoured, because the creation is retried', async () => {
    const platform = createFakePlatform();
    const client = new Client(platform.clientOptions);
    await client.clientCredentialsLogin();
    platform.breakNext(2);
    const { uuid } = await client.createPaymentOrder({ amount: '10.00' });
    expect(platform.requests.filter(({ method, path }) => method === 'POST' && path === '/payment-order')).toHaveLength(3);
    expect((await client.getPaymentOrder(uuid)).uuid).toBe(uuid);
    expect(await total(platform)).toBe(1);
  });

  it('leaves one order if keys mean nothing, because the creation is not retried', async () => {
    const platform = createFakePlatform({ honoursKeys: false });
    const client = new Client(platform.clientOptions);
    await client.clientCredentialsLogin();
    platform.breakNext();
    const failed = client.createPaymentOrder({ amount: '10.00' }, { idempotencyKey: 'cart-42' });
    await expect(failed).rejects.toMatchObject({ name: 'ConnectionError', code: 'ECONNRESET', neverArrived: false });
    expect(await total(platform)).toBe(1);
    // The key does not protect anyone who repeats the creation.
    await client.createPaymentOrder({ amount: '10.00' }, { idempotencyKey: 'cart-42' });
    expect(await total(platform)).toBe(2);
  });
});

describe('the errors of the fake platform', () => {
  it('include those of a wrong login', async () => {
    const { platform } = openFakeShop();
    const client = new Client({ ...platform.clientOptions, secret: 'wrong' });
    await expect(client.clientCredentialsLogin()).rejects.toMatchObject({ name: 'UnauthorizedClientError', status: 401 });
  });

  it('include any that a test asks for', async () => {
    const { client, platform } = openFakeShop();
    await client.clientCredentialsLogin();
    platform.failNext('4003');
    await expect(client.createPaymentOrder({ amount: '10.00' })).rejects.toMatchObject({
      name: 'RateUnavailableError',
      status: 503,
    });
    await expect(client.createPaymentOrder({ amount: '10.00' })).resolves.toBeDefined();
  });

  const bearer = async ({ platform }: ReturnType<typeof openFakeShop>): Promise<string> => {
    const { clientId, secret } = platform.clientOptions;
    const headers = { authorization: `Basic ${btoa(`${clientId}:${secret}`)}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ grant_type: 'client_credentials', scope: '*' });
    const answer = await platform.fetch('https://x.example/token', { method: 'POST', headers, body });
    return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
  };

  it.each<[string, string, RequestInit, number, string]>([
    ['an unknown path', '/orders', {}, 404, '3001'],
    ['another method', '/payment-order', { method: 'PUT' }, 405, '3003'],
    ['no token', '/payment-order', { headers: { authorization: '' } }, 401, '3007'],
    ['an unknown token', '/payment-order', { headers: { authorization: 'Bearer x' } }, 401, '1007'],
    ['another version', '/payment-order', { headers: { 'x-api-version': 'v3' } }, 400, '0001'],
    ['another Accept header', '/payment-order', { headers: { accept: 'text/html' } }, 406, '3013'],
    [
      'a body that is not JSON',
      '/payment-order',
      { method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } },
      415,
      '3012',
    ],
    ['broken JSON', '/payment-order', { method: 'POST', body: '{' }, 400, '0001'],
    ['a wrong amount', '/payment-order', { method: 'POST', body: '{"amount":"-1"}' }, 400, '0001'],
    ['fractions of a cent', '/payment-order', { method: 'POST', body: '{"amount":"1.001"}' }, 400, '0001'],
    ['a wrong query', '/payment-order?page_size=41', {}, 400, '0001'],
    ['an unknown order', '/payment-order/0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11', {}, 404, '3001'],
    [
      'another grant type',
      '/token',
      { method: 'POST', body: '{"grant_type":"password"}', headers: { authorization: 'Basic YTpi' } },
      400,
      '1002',
    ],
    [
      'another scope',
      '/token',
      { method: 'POST', body: '{"grant_type":"client_credentials","scope":"x"}', headers: { authorization: 'Basic YTpi' } },
      400,
      '1013',
    ],
    ['no credentials', '/token', { method: 'POST', body: '{}', headers: { authorization: 'Bearer x' } }, 401, '3007'],
  ])('include that of a request with %s', async (_what, path, init, status, code) => {
    const made = openFakeShop();
    const headers = { 'content-type': 'application/json', authorization: await bearer(made), ...(init.headers as object) };
    const answer = await made.platform.fetch(`https://x.example${path}`, { ...init, headers });
    const body: unknown = await answer.json();
    expect([answer.status, body]).toEqual([
      status,
      expect.objectContaining({ error_code: code, request_id: answer.headers.get('x-request-id') }),
    ]);
  });
});
