/** One set of tests for the client library, against a real gateway and against the fake platform that shops test with. */
import { Client, InvalidCallbackError, NotFoundError, UnauthorizedClientError, ValidationError } from '@webpos/sdk';
import { CALLBACK_EVENTS, isKnownCallback, type CallbackEvent } from '@webpos/sdk/callbacks';
import { endCursor, events } from '@webpos/sdk/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFakePlatform, openGatewayPlatform, type Platform } from './support/platforms.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each([
  ['a gateway', openGatewayPlatform],
  ['the fake platform', openFakePlatform],
])('the client with %s', (_name, open) => {
  let platform: Platform;
  let client: Client;
  const create = async (amount = '10.00'): Promise<string> =>
    (await client.createPaymentOrder({ amount, callback_url: platform.callbackUrl })).uuid;

  beforeAll(async () => {
    platform = await open();
    client = new Client(platform.options);
  });
  afterAll(() => platform.close());

  it('logs in', async () => {
    expect(await client.clientCredentialsLogin()).toMatchObject({
      token_type: 'Bearer',
      expires_in: expect.any(Number) as number,
    });
  });

  it('reports a wrong secret', async () => {
    const stranger = new Client({ ...platform.options, secret: 'wrong' });
    await expect(stranger.clientCredentialsLogin()).rejects.toThrow(UnauthorizedClientError);
  });

  it('creates an order and reads it with the fields of the contract', async () => {
    const made = await client.createPaymentOrder({
      amount: '12.30',
      reference: 'cart 7',
      details: 'Tea',
      callback_url: platform.callbackUrl,
    });
    expect(made).toMatchObject({
      uuid: expect.stringMatching(UUID) as string,
      amount: expect.any(Number) as number,
      reference: 'cart 7',
    });
    expect(made.uri).toContain(made.address);
    const order = await client.getPaymentOrder(made.uuid);
    expect(order).toMatchObject({
      uuid: made.uuid,
      address: made.address,
      amount: '12.30',
      btc_amount: made.amount,
      currency: { name: 'EUR', type: 'fiat' },
      state: { status: 'pending', blockchain_status: 'pending', unpaid: { crypto: made.amount, fiat: '12.30' } },
      transactions: [],
      reference: 'cart 7',
      details: 'Tea',
      resolved_at: null,
      created_at: expect.stringMatching(DATE) as string,
      expiration_time: expect.stringMatching(DATE) as string,
    });
  });

  it('refuses an invalid amount before anything is sent', async () => {
    await expect(client.createPaymentOrder({ amount: '-1' })).rejects.toThrow(ValidationError);
  });

  it('reports an unknown order', async () => {
    await expect(client.getPaymentOrder(UNKNOWN)).rejects.toThrow(NotFoundError);
    await expect(client.deletePaymentOrder(UNKNOWN)).rejects.toMatchObject({ errorCode: '3001', status: 404 });
  });

  it('cancels a pending order, which a callback reports', async () => {
    const uuid = await create();
    expect((await client.deletePaymentOrder(uuid)).cancel_url).toMatch(/^https?:/);
    expect((await client.getPaymentOrder(uuid)).state.status).toBe('cancelled');
    expect(await platform.callbacksOf(uuid, 1)).toEqual(['payment.cancelled']);
  });

  const LIFE: readonly { event: CallbackEvent; status: string }[] = [
    { event: 'payment.completed', status: 'paid' },
    { event: 'payment.dispute.start', status: 'network_dispute' },
    { event: 'payment.dispute.end', status: 'paid' },
    { event: 'payment.dispute.start', status: 'network_dispute' },
    { event: 'payment.chargeback', status: 'chargeback' },
  ];

  it('drives an order through its life, and verifies every callback', async () => {
    const uuid = await create();
    for (const { event, status } of LIFE) {
      const { callbacks } = await client.getCallbacks(uuid);
      expect(callbacks.map(({ name }) => name)).toContain(event);
      await client.paymentUpdate(uuid, { callback: event });
      expect((await client.getPaymentOrder(uuid)).state.status).toBe(status);
    }
    expect(await platform.callbacksOf(uuid, LIFE.length)).toEqual(LIFE.map(({ event }) => event));
    const [first] = await platform.received(uuid);
    expect(first !== undefined && isKnownCallback(first) && first.object.state.paid?.fiat).toBe('10.00');
  });

  it('shows an exact payment as such: paid.fiat is the amount, and nothing is unpaid', async () => {
    const uuid = await create('0.99');
    await client.paymentUpdate(uuid, { callback: 'payment.completed' });
    const { state, btc_amount: owed } = await client.getPaymentOrder(uuid);
    expect(state).toMatchObject({ paid: { crypto: owed, fiat: '0.99' }, unpaid: { crypto: 0, fiat: '0.00' } });
  });

  it('is refused an event that cannot happen now, and one that does not exist', async () => {
    const uuid = await create();
    await expect(client.paymentUpdate(uuid, { callback: 'payment.chargeback' })).rejects.toThrow(InvalidCallbackError);
    for (const { name } of (await client.getCallbacks(uuid)).callbacks) expect(CALLBACK_EVENTS).toContain(name);
  });

  it('resets an order to pending', async () => {
    const uuid = await create();
    await client.paymentUpdate(uuid, { callback: 'payment.expired' });
    expect((await client.paymentReset(uuid)).state.status).toBe('pending');
    await client.paymentUpdate(uuid, { callback: 'payment.completed' });
    expect((await client.getPaymentOrder(uuid)).state.status).toBe('paid');
  });

  it('lists by pages and states, and iterates over all', async () => {
    const mine = new Set([await create('1.00'), await create('2.00'), await create('3.00')]);
    const { paymentorders, total_items: total } = await client.getPaymentOrders({
      pageSize: 2,
      sortBy: 'created_at',
      sortOrder: 'desc',
    });
    expect(paymentorders).toHaveLength(2);
    expect(total).toBeGreaterThanOrEqual(3);
    const walked: string[] = [];
    for await (const order of client.listPaymentOrders({ status: 'pending', pageSize: 2 })) walked.push(order.uuid);
    expect(walked).toHaveLength(new Set(walked).size);
    expect([...mine].every((uuid) => walked.includes(uuid))).toBe(true);
  });

  it('waits for an order to be paid', async () => {
    const uuid = await create();
    const waiting = client.waitForPaymentOrder(uuid, {
      until: ({ state }) => state.status === 'paid',
      intervalMs: 50,
      timeoutMs: 10_000,
    });
    await client.paymentUpdate(uuid, { callback: 'payment.completed' });
    expect((await waiting).state.status).toBe('paid');
  });

  it('reads in the feed what the callbacks reported, in order and once each', async () => {
    const reported = new Map<string, readonly unknown[]>();
    for (const steps of [LIFE.slice(0, 2), LIFE.slice(0, 1)]) {
      const uuid = await create();
      for (const { event } of steps) await client.paymentUpdate(uuid, { callback: event });
      await platform.callbacksOf(uuid, steps.length);
      reported.set(uuid, await platform.received(uuid));
    }
    const ids = new Set<string>();
    const read = new Map<string, unknown[]>();
    let middle: string | undefined;
    for await (const { id, cursor, callback } of events(client, { pageSize: 2 })) {
      expect(ids).not.toContain(id);
      ids.add(id);
      const { uuid } = callback.object;
      read.set(uuid, [...(read.get(uuid) ?? []), callback]);
      middle = ids.size === 3 ? cursor : middle;
    }
    for (const [uuid, callbacks] of reported) expect(read.get(uuid)).toEqual(callbacks);
    const behind: string[] = [];
    for await (const { id } of events(client, { after: middle })) behind.push(id);
    expect(behind).toEqual([...ids].slice(3));
  });

  it('reads from the end of the feed only the events that follow', async () => {
    const cancelled = async (): Promise<string> => {
      const uuid = await create();
      await client.deletePaymentOrder(uuid);
      return uuid;
    };
    await cancelled();
    const after = await endCursor(client);
    expect((await events(client, { after }).next()).done).toBe(true);
    const later = await cancelled();
    expect((await events(client, { after }).next()).value).toMatchObject({ callback: { object: { uuid: later } } });
  });

  it('is refused a cursor that is not of its feed', async () => {
    const reading = events(client, { after: 'not-a-cursor' }).next();
    await expect(reading).rejects.toMatchObject({ name: 'ValidationError', errors: { after: [expect.any(String)] } });
  });

  it('returns the answer behind a call', async () => {
    const uuid = await create();
    const answer = await client.withAnswer.getPaymentOrder(uuid);
    expect(answer).toMatchObject({ answer: { status: 200, requestId: expect.any(String) as string }, data: { uuid } });
  });
});
