/** The life of an order over HTTP, driven by the sandbox's test endpoints, with the callbacks that each step stores. */
import type { CallbackEvent, CallbackList, PaymentOrderList, PaymentOrderRetrieval } from '@webpos/sdk/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderId } from '../../kernel/ids.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';

let gateway: TestGateway;
let shop: Shop;

beforeAll(async () => {
  gateway = await openTestGateway({ WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600' });
  shop = await gateway.newPos();
});
afterAll(() => gateway[Symbol.asyncDispose]());

describe('the test endpoints', () => {
  const LIVES: readonly { path: readonly CallbackEvent[]; reported: readonly CallbackEvent[]; ends: string }[] = [
    { path: ['payment.completed'], reported: ['payment.completed'], ends: 'paid' },
    { path: ['payment.overpaid'], reported: ['payment.completed', 'payment.overpaid'], ends: 'paid' },
    { path: ['payment.completed', 'payment.overpaid'], reported: ['payment.completed', 'payment.overpaid'], ends: 'paid' },
    { path: ['payment.cancelled'], reported: ['payment.cancelled'], ends: 'cancelled' },
    { path: ['payment.cancelled', 'payment.overpaid'], reported: ['payment.cancelled', 'payment.overpaid'], ends: 'cancelled' },
    { path: ['payment.expired'], reported: ['payment.expired'], ends: 'expired' },
    { path: ['payment.expired', 'payment.overpaid'], reported: ['payment.expired', 'payment.overpaid'], ends: 'expired' },
    {
      path: ['payment.completed', 'payment.dispute.start'],
      reported: ['payment.completed', 'payment.dispute.start'],
      ends: 'mempool_network_dispute',
    },
    {
      path: ['payment.completed', 'payment.dispute.start', 'payment.dispute.end', 'payment.dispute.start'],
      reported: ['payment.completed', 'payment.dispute.start', 'payment.dispute.end', 'payment.dispute.start'],
      ends: 'mempool_network_dispute',
    },
    {
      path: ['payment.completed', 'payment.dispute.start', 'payment.chargeback', 'payment.overpaid'],
      reported: ['payment.completed', 'payment.dispute.start', 'payment.chargeback', 'payment.overpaid'],
      ends: 'chargeback',
    },
  ];

  it.each(LIVES)('trigger $path', async ({ path, reported, ends }) => {
    const id = await create();
    for (const event of path) {
      expect(await possible(id)).toContain(event);
      expect(await trigger(id, event)).toMatchObject({ status: 200, text: '{}' });
    }
    expect((await read(id)).state.blockchain_status).toBe(ends);
    expect(await storedEvents(id)).toEqual(reported);
  });

  it('refuse an impossible event, and name the possible ones', async () => {
    const id = await create();
    expect(await trigger(id, 'payment.dispute.start')).toMatchObject({ status: 400, body: { error_code: '0013' } });
    await trigger(id, 'payment.completed');
    const refused = await trigger(id, 'payment.expired');
    expect(refused.text).toContain('expected one of payment.overpaid, payment.dispute.start');
    expect(await storedEvents(id)).toEqual(['payment.completed']);
  });

  it.each([{}, { callback: null }, { callback: 7 }, null])('refuse the body %j', async (body) => {
    const answer = await call('PATCH', `/payment-order/${await create()}/test/`, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error_code: '0001', errors: { callback: [expect.stringContaining('must be one of')] } },
    });
  });

  it('reset an order to pending with its full time to pay, from any state', async () => {
    for (const path of [[], ['payment.expired'], ['payment.completed', 'payment.dispute.start']] as const) {
      const id = await create();
      for (const event of path) await trigger(id, event);
      const reset = await call('PATCH', `/payment-order/${id}/test/reset`);
      expect(reset.body).toMatchObject({
        uuid: id,
        state: { status: 'pending', paid: { crypto: 0 } },
        transactions: [],
        expires_in: 900,
      });
      await trigger(id, 'payment.completed');
      expect((await read(id)).state).toMatchObject({
        status: 'paid',
        paid: { fiat: '10.00' },
        unpaid: { crypto: 0, fiat: '0.00' },
      });
    }
  });

  it('leave other orders unchanged when they reorganise the chain', async () => {
    const [one, other] = [await create(), await create()];
    await trigger(one, 'payment.completed');
    await trigger(other, 'payment.completed');
    await trigger(one, 'payment.dispute.start');
    expect((await read(other)).state.status).toBe('paid');
    expect(await storedEvents(other)).toEqual(['payment.completed']);
  });
});

describe('DELETE /payment-order/{uuid}', () => {
  it('cancels an open order, repeats the same response, and reports it once', async () => {
    const id = await create({ cancel_url: 'https://shop.example/cancelled' });
    for (let time = 0; time < 2; time += 1) {
      expect(await call('DELETE', `/payment-order/${id}`)).toMatchObject({
        status: 200,
        body: { cancel_url: 'https://shop.example/cancelled' },
      });
    }
    expect((await read(id)).state).toMatchObject({ status: 'cancelled', blockchain_status: 'cancelled' });
    expect(await storedEvents(id)).toEqual(['payment.cancelled']);
  });

  it('leaves a paid order unchanged', async () => {
    const id = await create();
    await trigger(id, 'payment.completed');
    expect(await call('DELETE', `/payment-order/${id}`)).toMatchObject({ status: 404, body: { error_code: '3001' } });
    expect((await read(id)).state.status).toBe('paid');
  });
});

describe('GET /payment-order', () => {
  it('lists complete orders by page, status and sort order', async () => {
    const other = await gateway.newPos();
    const ids: string[] = [];
    for (const amount of ['9.00', '100.00', '20.00']) {
      ids.push(await create({ amount }, other));
      gateway.clock.advance(1);
    }
    const [nine = '', hundred = '', twenty = ''] = ids;
    await trigger(twenty, 'payment.completed', other);
    const list = async (query: string): Promise<string[]> => {
      const { paymentorders } = (await call('GET', `/payment-order${query}`, undefined, other)).body as PaymentOrderList;
      return paymentorders.map(({ uuid }) => uuid);
    };
    expect(await list('')).toEqual([twenty, hundred, nine]);
    expect(await list('?sort_order=asc')).toEqual([nine, hundred, twenty]);
    expect(await list('?sort_by=amount')).toEqual([hundred, twenty, nine]);
    expect(await list('?status=paid')).toEqual([twenty]);
    expect(await list('?status=pending&sort_by=amount&sort_order=asc')).toEqual([nine, hundred]);
    expect(await list('?page_size=2&page=1')).toEqual([nine]);
    expect(await list('?page=7')).toEqual([]);
    const { body } = await call('GET', '/payment-order?page_size=2', undefined, other);
    expect(body).toMatchObject({ total_items: 3, total_pages: 2 });
    expect((body as PaymentOrderList).paymentorders[0]).toEqual(await read(twenty, other));
  });

  it('lists the orders of the shop with exactly one reference', async () => {
    const other = await gateway.newPos();
    const reference = 'cart 42/\u00e9+&=%';
    const id = await create({ reference }, other);
    await create({ reference: 'cart 42/\u00e9+&=' }, other);
    await create({}, other);
    await create({ reference });
    const path = `/payment-order?reference=${encodeURIComponent(reference)}`;
    const { body } = await call('GET', path, undefined, other);
    expect(body).toEqual({ total_items: 1, total_pages: 1, paymentorders: [await read(id, other)] });
    expect((await call('GET', `${path}&status=paid`, undefined, other)).body).toMatchObject({ total_items: 0, total_pages: 0 });
  });

  it.each([
    'reference=%00',
    `reference=${'x'.repeat(301)}`,
    'status=nope',
    'page=-1',
    'page=x',
    'page_size=0',
    'page_size=41',
    'sort_by=uuid',
    'sort_order=up',
  ])('refuses ?%s', async (query) => {
    const [field = ''] = query.split('=');
    expect(await call('GET', `/payment-order?${query}`)).toMatchObject({
      status: 400,
      body: { error_code: '0001', errors: { [field]: [expect.any(String)] } },
    });
  });
});

describe('the order of another shop', () => {
  it('is not found by the test endpoints', async () => {
    const id = await create();
    const stranger = await gateway.newPos();
    expect(await call('PATCH', `/payment-order/${id}/test/reset`, undefined, stranger)).toMatchObject({ status: 404 });
    expect(await call('GET', `/payment-order/${id}/callbacks`, undefined, stranger)).toMatchObject({ status: 404 });
  });
});

async function create(fields: object = {}, by: Shop = shop): Promise<string> {
  const answer = await call('POST', '/payment-order', { amount: '10.00', ...fields }, by);
  expect(answer.status).toBe(201);
  return (answer.body as { uuid: string }).uuid;
}

async function read(id: string, by: Shop = shop): Promise<PaymentOrderRetrieval> {
  return (await call('GET', `/payment-order/${id}`, undefined, by)).body as PaymentOrderRetrieval;
}

async function possible(id: string): Promise<CallbackEvent[]> {
  return ((await call('GET', `/payment-order/${id}/callbacks`)).body as CallbackList).callbacks.map(({ name }) => name);
}

function trigger(id: string, callback: CallbackEvent, by: Shop = shop): Promise<Answer> {
  return call('PATCH', `/payment-order/${id}/test/`, { callback }, by);
}

function call(method: string, path: string, body?: unknown, by: Shop = shop): Promise<Answer> {
  return gateway.call(method, path, { token: by.token, ...(body === undefined ? {} : { body }) });
}

async function storedEvents(id: string): Promise<CallbackEvent[]> {
  return (await gateway.gateway.context.store.callbacks.ofOrder(id as OrderId)).map(({ event }) => event);
}

describe('payment.transaction.changed', () => {
  const CHANGED: CallbackEvent = 'payment.transaction.changed';

  it('reports every change to a POS that receives it, before the event that the change causes', async () => {
    const asking = await gateway.newPos();
    const { store } = gateway.gateway.context;
    await store.transaction((tx) => tx.pos.update({ ...asking.pos, transactionChanged: true }));
    const { uuid } = (await call('POST', '/payment-order', { amount: '10.00', required_confirmations: 2 }, asking)).body as {
      uuid: string;
    };
    const offered = (await call('GET', `/payment-order/${uuid}/callbacks`, undefined, asking)).body as CallbackList;
    expect(offered.callbacks.map(({ name }) => name)).toContain(CHANGED);
    expect((await trigger(uuid, CHANGED, asking)).status).toBe(200);
    expect(await storedEvents(uuid)).toEqual([CHANGED]);
    expect((await read(uuid, asking)).state.blockchain_status).toBe('mempool_unconfirmed');
    expect((await trigger(uuid, 'payment.completed', asking)).status).toBe(200);
    const events = await storedEvents(uuid);
    // Seen, in a block, and confirmed, as far as the gateway saw these separately.
    expect(events.slice(0, -1).every((event) => event === CHANGED)).toBe(true);
    expect(events.at(-1)).toBe('payment.completed');
    expect(events.length).toBeLessThanOrEqual(4);
    expect(events.length).toBeGreaterThanOrEqual(3);
  });

  it('is neither sent nor offered to a POS that does not receive it', async () => {
    const { uuid } = (await call('POST', '/payment-order', { amount: '10.00' })).body as { uuid: string };
    expect(await possible(uuid)).not.toContain(CHANGED);
    expect(await trigger(uuid, CHANGED)).toMatchObject({ status: 400, body: { error_code: '0013' } });
    await trigger(uuid, 'payment.completed');
    expect(await storedEvents(uuid)).toEqual(['payment.completed']);
  });
});
