import { describe, expect, expectTypeOf, it } from 'vitest';
import { cut, inTurn, json, LIST, ORDER, ORDER_PATH, ORDER_UUID, refuse, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import type { AnsweringClient } from './api-calls.ts';
import type { Client } from '../client.ts';
import type { PaymentOrderRetrieval } from '../wire/index.ts';

describe('the calls of the contract', () => {
  const CANCELLED = { cancel_url: 'https://shop.example/cancelled' };
  const CALLBACKS = { callbacks: [{ name: 'payment.completed' }] };
  const calls: [sent: string, call: (client: Client) => Promise<unknown>, answered: unknown][] = [
    ['GET /payment-order', (client) => client.getPaymentOrders(), LIST],
    [`GET ${ORDER_PATH}`, (client) => client.getPaymentOrder(ORDER_UUID), ORDER],
    [`DELETE ${ORDER_PATH}`, (client) => client.deletePaymentOrder(ORDER_UUID), CANCELLED],
    [`GET ${ORDER_PATH}/callbacks`, (client) => client.getCallbacks(ORDER_UUID), CALLBACKS],
    [`PATCH ${ORDER_PATH}/test/reset`, (client) => client.paymentReset(ORDER_UUID), ORDER],
    [`PATCH ${ORDER_PATH}/test/`, (client) => client.paymentUpdate(ORDER_UUID, { callback: 'payment.completed' }), undefined],
  ];

  it.each(calls)('include %s, with its answer parsed', async (sent, call, answered) => {
    const client = await clientOf();
    expect(await call(client)).toEqual(answered);
    const [{ method, path, query } = { method: '', path: '', query: '' }] = gateway.seen.slice(1);
    expect(`${method} ${path}${query}`).toBe(sent);
  });

  it('send the event of an update as JSON', async () => {
    const client = await clientOf();
    await client.paymentUpdate(ORDER_UUID, { callback: 'payment.expired' });
    expect(gateway.to(`${ORDER_PATH}/test/`)[0]).toMatchObject({
      body: '{"callback":"payment.expired"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('translate the query of a list to the wire', async () => {
    const client = await clientOf();
    await client.getPaymentOrders({ status: 'paid', page: 2, pageSize: 40, sortBy: 'amount', sortOrder: 'asc' });
    expect(gateway.to('/payment-order')[0]!.query).toBe('?status=paid&page=2&page_size=40&sort_by=amount&sort_order=asc');
  });

  it('escape any reference', async () => {
    const client = await clientOf();
    const reference = 'cart 42/\u00e9+&=%#?\ud800';
    await client.getPaymentOrders({ reference });
    const { searchParams } = new URL(`http://localhost${gateway.to('/payment-order')[0]!.query}`);
    expect([...searchParams]).toEqual([['reference', reference.replace('\ud800', '\ufffd')]]);
  });

  it.each<[string, (client: Client) => Promise<unknown>]>([
    ['reference', (client) => client.getPaymentOrders({ reference: 'x'.repeat(301) })],
    ['reference', (client) => client.getPaymentOrders({ reference: 42 as never })],
    ['status', (client) => client.getPaymentOrders({ status: 'paid&page=3' as never })],
    ['page', (client) => client.getPaymentOrders({ page: -1 })],
    ['page_size', (client) => client.getPaymentOrders({ pageSize: 41 })],
    ['sort_by', (client) => client.getPaymentOrders({ sortBy: 'uuid' as never })],
    ['sort_order', (client) => client.getPaymentOrders({ sortOrder: 'up' as never })],
    ['callback', (client) => client.paymentUpdate(ORDER_UUID, { callback: 7 as never })],
    ['uuid', (client) => client.deletePaymentOrder('')],
    ['uuid', (client) => client.getCallbacks('..')],
    ['uuid', (client) => client.paymentReset('')],
  ])('refuse a wrong %s before anything is sent', async (field, call) => {
    const client = await clientOf();
    await expect(call(client)).rejects.toMatchObject({ name: 'ValidationError', errors: { [field]: [expect.any(String)] } });
    expect(gateway.seen).toEqual([]);
  });

  it.each<[string, Route, (client: Client) => Promise<unknown>]>([
    [ORDER_PATH, cut, (client) => client.deletePaymentOrder(ORDER_UUID)],
    [`${ORDER_PATH}/callbacks`, refuse(500, '4000'), (client) => client.getCallbacks(ORDER_UUID)],
    [`${ORDER_PATH}/test/reset`, cut, (client) => client.paymentReset(ORDER_UUID)],
  ])('retry an idempotent request: %s', async (path, failing, call) => {
    const client = await clientOf({ [path]: inTurn(failing, json(200, { ...ORDER, cancel_url: '', callbacks: [] })) });
    await call(client);
    expect(gateway.to(path)).toHaveLength(2);
  });

  it('do not trigger an event twice', async () => {
    const path = `${ORDER_PATH}/test/`;
    const client = await clientOf({ [path]: cut });
    const failed = client.paymentUpdate(ORDER_UUID, { callback: 'payment.completed' });
    await expect(failed).rejects.toThrow('may have taken effect');
    expect(gateway.to(path)).toHaveLength(1);
  });
});

describe('the options of a call', () => {
  it('add headers', async () => {
    const client = await clientOf();
    await client.getPaymentOrder(ORDER_UUID, { headers: { 'X-Trace': 'abc' } });
    await client.getPaymentOrder(ORDER_UUID, { headers: new Headers({ 'X-Trace': 'def' }) });
    expect(gateway.to(ORDER_PATH).map((request) => request.headers['x-trace'])).toEqual(['abc', 'def']);
    expect(gateway.to('/token')[0]!.headers['x-trace']).toBeUndefined();
  });
});

describe('withAnswer', () => {
  it('returns the status, the headers and the request id of each call', async () => {
    const client = await clientOf({ [ORDER_PATH]: json(200, ORDER, { 'x-request-id': 'r-1', 'x-served-by': 'a' }) });
    const { data, answer } = await client.withAnswer.getPaymentOrder(ORDER_UUID);
    expectTypeOf(data).toEqualTypeOf<PaymentOrderRetrieval>();
    expect(data).toEqual(ORDER);
    expect(answer).toMatchObject({ status: 200, requestId: 'r-1' });
    expect(answer.headers.get('X-Served-By')).toBe('a');
    const login = await client.withAnswer.clientCredentialsLogin();
    expect(login).toMatchObject({ data: { access_token: 'token-2' }, answer: { status: 200, requestId: undefined } });
  });

  it('has every call of the client', () => {
    type Calls = Omit<Client, 'withAnswer' | 'listPaymentOrders' | 'waitForPaymentOrder' | 'close' | typeof Symbol.asyncDispose>;
    expectTypeOf<keyof AnsweringClient>().toEqualTypeOf<keyof Calls>();
  });

  it('fails as the call does', async () => {
    const client = await clientOf({ [ORDER_PATH]: refuse(404, '3001') });
    await expect(client.withAnswer.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});
