import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import {
  CREATED,
  cut,
  halfABody,
  htmlPage,
  inTurn,
  json,
  neverEndingBody,
  ORDER,
  ORDER_PATH,
  ORDER_UUID,
  refuse,
  silence,
  startGateway,
  type Route,
} from '../../test/gateway.ts';
import { clientOf, gateway, transport, useGateway } from '../../test/harness.ts';
import { Client } from '../client.ts';
import { type ConnectionError, TimeoutError } from '../errors/index.ts';
import type { Fetch } from './fetch.ts';

describe('a read', () => {
  it.each<[string, Route]>([
    ['a 500', refuse(500, '4000')],
    ['a 429', refuse(429, '2000', { 'retry-after': '0' })],
    ['a 503', refuse(503, '4006')],
    ['a proxy’s 502 page', htmlPage],
    ['a connection cut before the answer', cut],
    ['a connection cut within the body', halfABody],
  ])('is retried after %s', async (_what, failing) => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(failing, json(200, ORDER)) });
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(gateway.to(ORDER_PATH)).toHaveLength(2);
  });

  it('waits as Retry-After asks', async () => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(refuse(429, '2000', { 'retry-after': '1' }), json(200, ORDER)) });
    const startedAtMs = performance.now();
    await client.getPaymentOrder(ORDER_UUID);
    expect(performance.now() - startedAtMs).toBeGreaterThan(950);
  });

  it.each<[string, Route]>([
    ['an answer that does not come', silence],
    ['a body that does not end', neverEndingBody],
  ])('abandons an attempt that hangs, and is retried: %s', async (_what, hanging) => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(hanging, json(200, ORDER)) }, { http: { timeoutMs: 4000 } });
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(gateway.to(ORDER_PATH)).toHaveLength(2);
  });

  it('abandons an attempt of a fetch that ignores its signal, too', async () => {
    let asked = 0;
    const deaf: Fetch = (url, init) => {
      asked += 1;
      return asked === 2 ? new Promise(() => undefined) : transport()(url, init);
    };
    const client = await clientOf({}, { http: { fetch: Object.assign(deaf, transport()), timeoutMs: 4000 } });
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(asked).toBe(3);
  });

  it('that hangs to the end reports the number of attempts, and the previous failure', async () => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(htmlPage, silence) });
    await client.clientCredentialsLogin();
    const error: unknown = await client.getPaymentOrder(ORDER_UUID, { timeoutMs: 2400 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TimeoutError);
    const whole = { message: `GET ${ORDER_PATH}: no complete answer within 2400 ms`, timeoutMs: 2400, tries: 3 };
    expect(error).toMatchObject(whole);
    const { cause } = error as TimeoutError;
    expect(cause).toMatchObject({ name: 'TimeoutError', tries: 2 });
    expect((cause as TimeoutError).cause).toMatchObject({ name: 'UnexpectedAnswerError', status: 502, tries: 1 });
    expect(gateway.to(ORDER_PATH)).toHaveLength(3);
  });

  it('has all its time for one attempt if no other may follow', async () => {
    const late: Route = (...args) => setTimeout(() => json(200, ORDER)(...args), 1400);
    const client = await clientOf({ [ORDER_PATH]: late }, { maxRetries: 0, http: { timeoutMs: 2200 } });
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
  });

  it('does not wait for a Retry-After beyond its own time limit', async () => {
    const client = await clientOf({ [ORDER_PATH]: refuse(429, '2000', { 'retry-after': '30' }) });
    const failed = client.getPaymentOrder(ORDER_UUID);
    await expect(failed).rejects.toMatchObject({ name: 'TooManyRequestsError', retryAfterMs: 30_000, status: 429 });
    expect(gateway.to(ORDER_PATH)).toHaveLength(1);
  });

  it('stops after its maximum of retries, with the last failure', async () => {
    const client = await clientOf({ [ORDER_PATH]: refuse(500, '4000') }, { maxRetries: 3 });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name: 'InternalServerError', tries: 4 });
    expect(gateway.to(ORDER_PATH)).toHaveLength(4);
    await expect(client.getPaymentOrder(ORDER_UUID, { maxRetries: 0 })).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(gateway.to(ORDER_PATH)).toHaveLength(5);
  });

  it('is not retried after a 404', async () => {
    const client = await clientOf({ [ORDER_PATH]: refuse(404, '3001') });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({
      name: 'NotFoundError',
      message: `GET ${ORDER_PATH}: 3001 refused with 3001`,
      method: 'GET',
      path: ORDER_PATH,
      status: 404,
      errorCode: '3001',
      requestId: 'r-3001',
    });
    expect(gateway.to(ORDER_PATH)).toHaveLength(1);
  });
});

describe('a creation', () => {
  it.each<[string, Route, object]>([
    ['a 500', refuse(500, '4000'), { name: 'InternalServerError' }],
    ['a proxy’s 502 page', htmlPage, { name: 'UnexpectedAnswerError', status: 502, contentType: 'text/html' }],
    ['a proxy’s 503', json(503, 'busy'), { name: 'UnexpectedAnswerError', status: 503 }],
    ['a connection cut before the answer', cut, { name: 'ConnectionError', neverArrived: false }],
    ['a connection cut within the body', halfABody, { name: 'ConnectionError', neverArrived: false }],
  ])('is not retried after %s, because the order may exist', async (_what, failing, error) => {
    const client = await clientOf({ '/payment-order': inTurn(failing, json(200, CREATED)) });
    await expect(client.createPaymentOrder({ amount: '1' })).rejects.toMatchObject(error);
    expect(gateway.to('/payment-order')).toHaveLength(1);
  });

  it('that hangs is not retried, because the order may exist', async () => {
    const client = await clientOf({ '/payment-order': inTurn(silence, json(200, CREATED)) });
    await client.clientCredentialsLogin();
    const failed = client.createPaymentOrder({ amount: '1' }, { timeoutMs: 1500 });
    await expect(failed).rejects.toMatchObject({ name: 'TimeoutError', tries: 1 });
    expect(gateway.to('/payment-order')).toHaveLength(1);
  });

  it.each<[string, Route]>([
    ['429', refuse(429, '2000')],
    ['503 without a rate', refuse(503, '4003')],
    ['503 while down', refuse(503, '4006')],
  ])('is retried after %s with the same Idempotency-Key', async (_what, failing) => {
    const client = await clientOf({ '/payment-order': inTurn(failing, json(200, CREATED)) });
    await client.createPaymentOrder({ amount: '1' });
    const keys = gateway.to('/payment-order').map((request) => request.headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('is retried if nothing listened', async () => {
    const down = await startGateway();
    await down.close();
    await useGateway();
    const tried: string[] = [];
    const client = new Client({
      mode: 'sandbox',
      clientId: 'shop',
      secret: 's',
      baseUrl: gateway.baseUrl,
      http: {
        fetch: (url, init) => {
          tried.push(url);
          const isFirstCreate = url.endsWith('/payment-order') && tried.length < 3;
          return transport()(isFirstCreate ? `${down.baseUrl}/payment-order` : url, init);
        },
      },
    });
    expect((await client.createPaymentOrder({ amount: '1' })).uuid).toBe(ORDER_UUID);
    expect(tried.map((url) => new URL(url).pathname)).toEqual(['/token', '/payment-order', '/payment-order']);
  });
});

describe('a creation with an Idempotency-Key that the server honours', () => {
  const login = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };
  const honouring = json(200, login, { 'idempotency-key-honoured': 'true' });

  it.each<[string, Route]>([
    ['a 500', refuse(500, '4000')],
    ['a proxy’s 502 page', htmlPage],
    ['a proxy’s 503', json(503, 'busy')],
    ['a connection cut before the answer', cut],
    ['a connection cut within the body', halfABody],
    ['an answer that does not come', silence],
  ])('is retried after %s with identical content', async (_what, failing) => {
    const routes = { '/token': honouring, '/payment-order': inTurn(failing, failing, json(200, CREATED)) };
    const client = await clientOf(routes, { http: { timeoutMs: 4000 } });
    expect((await client.createPaymentOrder({ amount: '1', reference: 'cart 42' })).uuid).toBe(ORDER_UUID);
    const sent = gateway.to('/payment-order').map(({ headers, body }) => `${String(headers['idempotency-key'])} ${body}`);
    expect(sent).toHaveLength(3);
    expect(new Set(sent).size).toBe(1);
  });

  it('that never gets an answer reports that the order may exist', async () => {
    const client = await clientOf({ '/token': honouring, '/payment-order': cut });
    await expect(client.createPaymentOrder({ amount: '1' })).rejects.toThrow('the request may have taken effect');
    expect(gateway.to('/payment-order')).toHaveLength(3);
  });

  it('depends on the latest login, if that no longer says so', async () => {
    const client = await clientOf({
      '/token': inTurn(honouring, json(200, { ...login, access_token: 'token-2' })),
      '/payment-order': inTurn(refuse(401, '1004'), cut),
    });
    await expect(client.createPaymentOrder({ amount: '1' })).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(gateway.to('/payment-order')).toHaveLength(2);
  });

  it.each(['false', 'yes', ''])('is not retried after a header with the value %j', async (output) => {
    const client = await clientOf({
      '/token': json(200, login, { 'idempotency-key-honoured': output }),
      '/payment-order': inTurn(cut, json(200, CREATED)),
    });
    await expect(client.createPaymentOrder({ amount: '1' })).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(gateway.to('/payment-order')).toHaveLength(1);
  });

  it('does not make other calls repeatable', async () => {
    const path = `${ORDER_PATH}/test/`;
    const client = await clientOf({ '/token': honouring, [path]: cut });
    const failed = client.paymentUpdate(ORDER_UUID, { callback: 'payment.completed' });
    await expect(failed).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(gateway.to(path)).toHaveLength(1);
  });
});

describe('a connection that fails', () => {
  it('is tried only once if TLS fails', async () => {
    // A plain HTTP server answers a TLS hello with something else.
    await useGateway();
    const fetched = vi.fn<Fetch>(transport());
    const baseUrl = gateway.baseUrl.replace('http:', 'https:');
    const client = new Client({ mode: 'sandbox', clientId: 'shop', secret: 's', baseUrl, http: { fetch: fetched } });
    await expect(client.clientCredentialsLogin()).rejects.toMatchObject({ name: 'ConnectionError', neverArrived: false });
    expect(fetched).toHaveBeenCalledOnce();
  });

  it("causes an error with the runtime's code and error", async () => {
    const client = await clientOf();
    await gateway.close();
    const failure: unknown = await client.clientCredentialsLogin().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ name: 'ConnectionError', code: 'ECONNREFUSED', neverArrived: true, path: '/token' });
    expect(inspect((failure as ConnectionError).cause)).toContain('ECONNREFUSED');
  });
});
