/** What the errors of a call that creates an order know: the key, and whether the order may exist. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import { CREATED, cut, htmlPage, inTurn, json, logIn, neverEndingBody, refuse, type Route, silence } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import type { Client } from '../client.ts';
import { isWebposError, type TimeoutError, type ValidationError, type WebposError } from '../errors/index.ts';
import { nodeFetch } from '../node/index.ts';

const KEY = 'cart-42';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const honouring = (response: Parameters<Route>[0], ...rest: [number, Parameters<Route>[2]]): void => {
  response.setHeader('idempotency-key-honoured', 'true');
  logIn()(response, ...rest);
};

async function failureOf(client: Client, options: object = { idempotencyKey: KEY }): Promise<WebposError> {
  const error: unknown = await client.createPaymentOrder({ amount: '1' }, options).catch((thrown: unknown) => thrown);
  if (!isWebposError(error)) throw new Error('expected an error of this library', { cause: error });
  return error;
}

describe('an order', () => {
  it.each<[what: string, route: Route, orderMayExist: boolean]>([
    ['was refused by the API', refuse(400, '0001'), false],
    ['was refused for a while', refuse(503, '4003'), false],
    ['was refused by a limiter', (response) => response.writeHead(429).end(), false],
    ['failed at the API', refuse(500, '4000'), true],
    ['was answered by a proxy’s page', htmlPage, true],
    ['was answered by a 503 page', (response) => response.writeHead(503).end('busy'), true],
    ['was answered by something else', json(200, { hello: 'world' }), true],
    ['was never answered', cut, true],
    ['was answered by half a body', neverEndingBody, true],
  ])('that %s: orderMayExist says so', async (_what, route, orderMayExist) => {
    const client = await clientOf({ '/payment-order': route }, { maxRetries: 0, http: { timeoutMs: 2000 } });
    expect(await failureOf(client)).toMatchObject({ idempotencyKey: KEY, orderMayExist, tries: 1 });
  });

  it('may exist after an attempt that broke, whatever the next one was told', async () => {
    const routes = { '/token': honouring, '/payment-order': inTurn(cut, refuse(400, '0001')) };
    const client = await clientOf(routes);
    expect(await failureOf(client)).toMatchObject({ name: 'ValidationError', orderMayExist: true, tries: 2 });
  });

  it('may exist after an attempt that broke, even where the token was refused then, and no login succeeds', async () => {
    const login: Route = (...args) => (args[1] === 1 ? honouring(...args) : refuse(401, '1001')(...args));
    const client = await clientOf({ '/token': login, '/payment-order': inTurn(cut, refuse(401, '1004')) });
    const failure = await failureOf(client);
    expect(failure).toMatchObject({ name: 'UnauthorizedClientError', path: '/token', idempotencyKey: KEY, orderMayExist: true });
  });

  it('cannot exist where all that was sent is a login', async () => {
    const client = await clientOf({ '/token': refuse(401, '1001') });
    const [one, other] = await Promise.all([
      failureOf(client, { idempotencyKey: 'a' }),
      failureOf(client, { idempotencyKey: 'b' }),
    ]);
    expect(gateway.to('/token')).toHaveLength(1);
    expect(one).toMatchObject({ path: '/token', idempotencyKey: 'a', orderMayExist: false });
    expect(other).toMatchObject({ path: '/token', idempotencyKey: 'b', orderMayExist: false });
  });

  it('cannot exist where nothing listens', async () => {
    const client = await clientOf();
    await client.clientCredentialsLogin();
    await gateway.close();
    const failure = await failureOf(client);
    expect(failure).toMatchObject({ name: 'ConnectionError', kind: 'unreached', orderMayExist: false });
  });

  it.each([
    ['fetch', undefined],
    ['nodeFetch', nodeFetch()],
  ])('may exist when its time runs out while %s waits, and cannot while the login does', async (_name, fetch) => {
    const client = await clientOf({ '/payment-order': silence }, { http: { fetch } });
    await client.clientCredentialsLogin();
    const options = { idempotencyKey: KEY, timeoutMs: 300, maxRetries: 0 };
    expect(await failureOf(client, options)).toMatchObject({ name: 'TimeoutError', idempotencyKey: KEY, orderMayExist: true });
    const other = await clientOf({ '/token': silence }, { http: { fetch } });
    expect(await failureOf(other, options)).toMatchObject({ name: 'TimeoutError', idempotencyKey: KEY, orderMayExist: false });
  });

  it('may exist when its caller ends the call', async () => {
    const controller = new AbortController();
    const abortThen: Route = () => controller.abort(new Error('enough'));
    const client = await clientOf({ '/payment-order': abortThen });
    const failure = await failureOf(client, { signal: controller.signal });
    expect(failure).toMatchObject({
      name: 'AbortError',
      idempotencyKey: expect.stringMatching(UUID) as string,
      orderMayExist: true,
    });
    expect((failure.cause as Error).message).toBe('enough');
  });
});

describe('the key of an error', () => {
  it('is the one that was sent, and stands in its JSON, so that a log can tell it', async () => {
    const client = await clientOf({ '/payment-order': cut }, { maxRetries: 0 });
    const failure = await failureOf(client, {});
    expect(failure.idempotencyKey).toBe(gateway.to('/payment-order')[0]?.headers['idempotency-key']);
    expect(failure.toJSON()).toMatchObject({ idempotencyKey: failure.idempotencyKey, orderMayExist: true });
  });

  it('creates the same order again', async () => {
    const client = await clientOf({ '/payment-order': inTurn(cut, json(200, CREATED)) }, { maxRetries: 0 });
    const { idempotencyKey } = await failureOf(client, {});
    await client.createPaymentOrder({ amount: '1' }, { idempotencyKey });
    const [first, second] = gateway.to('/payment-order').map(({ headers }) => headers['idempotency-key']);
    expect(second).toBe(first);
  });

  it('is not there for a read, nor whether an order may exist', async () => {
    const client = await clientOf({ '/payment-order': cut }, { maxRetries: 0 });
    const failure: unknown = await client.getPaymentOrders().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ name: 'ConnectionError', tries: 1 });
    expect(Object.keys(failure as object)).not.toContain('orderMayExist');
    expect(Object.keys(failure as object)).not.toContain('idempotencyKey');
  });
});

describe('isWebposError', () => {
  it('narrows to one class by name, for the compiler too', () => {
    const seen = (error: unknown): void => {
      if (!isWebposError(error)) return;
      expectTypeOf(error.orderMayExist).toEqualTypeOf<boolean | undefined>();
      if (error.name === 'TimeoutError') expectTypeOf(error).toEqualTypeOf<TimeoutError>();
      if (error.name === 'ValidationError') expectTypeOf(error).toEqualTypeOf<ValidationError>();
      if (error.name === 'ConnectionError') expectTypeOf(error.kind).toEqualTypeOf<'unreached' | 'tls' | 'broken'>();
      if (error.name === 'ConfigurationError') expectTypeOf(error.field).toEqualTypeOf<string>();
      if (error.name === 'ApiError') expectTypeOf(error.errorCode).toEqualTypeOf<string>();
      // @ts-expect-error -- there is no error of this name
      expect(error.name === 'NoSuchError').toBe(false);
    };
    seen(undefined);
    seen(new Error('of another library'));
  });
});
