import { describe, expect, it } from 'vitest';
import { cut, inTurn, json, ORDER, ORDER_PATH, ORDER_UUID, refuse, silence, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';

const PENDING = json(200, ORDER);
const PARTIAL = json(200, { ...ORDER, state: { status: 'pending', blockchain_status: 'partial' } });
const PAID = json(200, { ...ORDER, state: { status: 'paid', blockchain_status: 'paid' } });

describe('waitForPaymentOrder', () => {
  it('reads the order until it is not pending', async () => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(PENDING, PARTIAL, PAID) });
    const order = await client.waitForPaymentOrder(ORDER_UUID, { intervalMs: 5 });
    expect(order.state.status).toBe('paid');
    expect(gateway.to(ORDER_PATH)).toHaveLength(3);
  });

  it("waits until the caller's condition holds, with the interval between reads", async () => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(PENDING, PARTIAL, PAID) });
    const startedAtMs = performance.now();
    const until = ({ state }: { state: { blockchain_status: string } }) => state.blockchain_status === 'partial';
    const order = await client.waitForPaymentOrder(ORDER_UUID, { until, intervalMs: 120 });
    expect(order.state.blockchain_status).toBe('partial');
    expect(performance.now() - startedAtMs).toBeGreaterThan(115);
  });

  it('tolerates transient failures', async () => {
    const client = await clientOf({
      [ORDER_PATH]: inTurn(PENDING, cut, refuse(503, '4006'), refuse(429, '2000', { 'retry-after': '0' }), PAID),
    });
    const order = await client.waitForPaymentOrder(ORDER_UUID, { intervalMs: 5, maxRetries: 0 });
    expect(order.state.status).toBe('paid');
    expect(gateway.to(ORDER_PATH)).toHaveLength(5);
  });

  it.each<[string, Route]>([
    ['with an error of the API', refuse(429, '2000', { 'retry-after': '1' })],
    ['with a page', (response) => response.writeHead(503, { 'retry-after': '1' }).end('<h1>Busy</h1>')],
  ])('waits as long as Retry-After asks: %s', async (_what, busy) => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(PENDING, busy, PAID) });
    const startedAtMs = performance.now();
    await client.waitForPaymentOrder(ORDER_UUID, { intervalMs: 5, maxRetries: 0 });
    expect(performance.now() - startedAtMs).toBeGreaterThan(950);
  });

  it('waits for a Retry-After beyond the maximum of a timer without reading meanwhile', async () => {
    const busy = refuse(503, '4006', { 'retry-after': '9999999' });
    const client = await clientOf({ [ORDER_PATH]: inTurn(PENDING, busy) });
    const waiting = client.waitForPaymentOrder(ORDER_UUID, { intervalMs: 5, timeoutMs: 1000 });
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(gateway.to(ORDER_PATH)).toHaveLength(2);
  });

  it.each([{}, { status: null }, { status: 7 }])('refuses the state %j as not of the contract', async (state) => {
    const client = await clientOf({ [ORDER_PATH]: json(200, { ...ORDER, state }) });
    const waiting = client.waitForPaymentOrder(ORDER_UUID, { intervalMs: 5 });
    await expect(waiting).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      message: `GET ${ORDER_PATH}: the order has no state.status`,
      status: 200,
    });
  });

  it.each([
    ['its first read fails', inTurn(refuse(500, '4000'), PAID), 'InternalServerError'],
    ['the order no longer exists', inTurn(PENDING, refuse(404, '3001'), PAID), 'NotFoundError'],
    ['the server does not support reads', inTurn(PENDING, refuse(501, '4000'), PAID), 'InternalServerError'],
  ])('fails if %s', async (_when, route, name) => {
    const client = await clientOf({ [ORDER_PATH]: route }, { maxRetries: 0 });
    await expect(client.waitForPaymentOrder(ORDER_UUID, { intervalMs: 5 })).rejects.toMatchObject({ name });
  });

  it.each([
    ['between two reads', PENDING],
    ['within a read', silence],
  ])('ends at its time limit %s', async (_when, route) => {
    const client = await clientOf({ [ORDER_PATH]: route });
    const waiting = client.waitForPaymentOrder(ORDER_UUID, { timeoutMs: 150, intervalMs: 1000 });
    await expect(waiting).rejects.toMatchObject({
      name: 'TimeoutError',
      message: `GET ${ORDER_PATH}: no matching order within 150 ms`,
      timeoutMs: 150,
    });
  });

  it('ends when the caller aborts', async () => {
    const client = await clientOf();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('the till closed')), 50);
    const waiting = client.waitForPaymentOrder(ORDER_UUID, { signal: controller.signal });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'the till closed' } });
  });

  it("passes on the error of the caller's function", async () => {
    const until = () => {
      throw new RangeError('mine');
    };
    const client = await clientOf();
    await expect(client.waitForPaymentOrder(ORDER_UUID, { until })).rejects.toThrow(RangeError);
  });

  it.each([
    ['until', { until: 'paid' }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['intervalMs', { intervalMs: 0 }],
    ['signal', { signal: 'now' }],
  ])('checks its options: %s', async (field, options) => {
    const client = await clientOf();
    const waiting = client.waitForPaymentOrder(ORDER_UUID, options as never);
    await expect(waiting).rejects.toMatchObject({ name: 'ConfigurationError', field });
  });
});
