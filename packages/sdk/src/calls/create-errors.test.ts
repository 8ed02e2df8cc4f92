/** What the errors of a creation contain: the key, and whether the order may exist. */
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

describe('the error of a creation', () => {
  it.each<[what: string, route: Route, orderMayExist: boolean]>([
    ['was refused by the API', refuse(400, '0001'), false],
    ['was refused for lack of a rate', refuse(503, '4003'), false],
    ['was refused by a rate limiter', (response) => response.writeHead(429).end(), false],
    ['failed in the API', refuse(500, '4000'), true],
    ['was answered with a proxy’s page', htmlPage, true],
    ['was answered with a 503 page', (response) => response.writeHead(503).end('busy'), true],
    ['was answered with other JSON', json(200, { hello: 'world' }), true],
    ['was never answered', cut, true],
    ['was answered with half a body', neverEndingBody, true],
  ])('says whether the order may exist after a request that %s', async (_what, route, orderMayExist) => {
    const client = await clientOf({ '/payment-order': route }, { maxRetries: 0, http: { timeoutMs: 2000 } });
    expect(await failureOf(client)).toMatchObject({ idempotencyKey: KEY, orderMayExist, tries: 1 });
  });

  it('says that the order may exist after a broken attempt, whatever the next answer was', async () => {
    const routes = { '/token': honouring, '/payment-order': inTurn(cut, refuse(400, '0001')) };
    const client = await clientOf(routes);
    expect(await failureOf(client)).toMatchObject({ name: 'ValidationError', orderMayExist: true, tries: 2 });
  });

  it('says that the order may exist after a broken attempt, even if the token was refused then and every login fails', async () => {
    const login: Route = (...args) => (args[1] === 1 ? honouring(...args) : refuse(401, '1001')(...args));
    const client = await clientOf({ '/token': login, '/payment-order': inTurn(cut, refuse(401, '1004')) });
    const failure = await failureOf(client);
    expect(failure).toMatchObject({ name: 'UnauthorizedClientError', path: '/token', idempotencyKey: KEY, orderMayExist: true });
  });

  it('says that the order cannot exist if only a login was sent', async () => {
    const client = await clientOf({ '/token': refuse(401, '1001') });
    const [one, other] = await Promise.all([
      failureOf(client, { idempotencyKey: 'a' }),
      failureOf(client, { idempotencyKey: 'b' }),
    ]);
    expect(gateway.to('/token')).toHaveLength(1);
    expect(one).toMatchObject({ path: '/token', idempotencyKey: 'a', orderMayExist: false });
    expect(other).toMatchObject({ path: '/token', idempotencyKey: 'b', orderMayExist: false });
  });

  it('says that the order cannot exist if nothing listens', async () => {
    const client = await clientOf();
    await client.clientCredentialsLogin();
    await gateway.close();
    const failure = await failureOf(client);
    expect(failure).toMatchObject({ name: 'ConnectionError', kind: 'unreached', orderMayExist: false });
  });

  it.each([
    ['fetch', undefined],
    ['nodeFetch', nodeFetch()],
  ])('says that the order may exist if the call timed out with %s, and cannot if the login did', async (_name, fetch) => {
    const client = await clientOf({ '/payment-order': silence }, { http: { fetch } });
    await client.clientCredentialsLogin();
    const options = { idempotencyKey: KEY, timeoutMs: 300, maxRetries: 0 };
    expect(await failureOf(client, options)).toMatchObject({ name: 'TimeoutError', idempotencyKey: KEY, orderMayExist: true });
    const other = await clientOf({ '/token': silence }, { http: { fetch } });
    expect(await failureOf(other, options)).toMatchObject({ name: 'TimeoutError', idempotencyKey: KEY, orderMayExist: false });
  });

  it('says that the order may exist if the caller aborted', async () => {
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

describe('the key in an error', () => {
  it("is the key that was sent, and is in the error's JSON for a log", async () => {
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

  it('is missing for a read, and so is orderMayExist', async () => {
    const client = await clientOf({ '/payment-order': cut }, { maxRetries: 0 });
    const failure: unknown = await client.getPaymentOrders().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ name: 'ConnectionError', tries: 1 });
    expect(Object.keys(failure as object)).not.toContain('orderMayExist');
    expect(Object.keys(failure as object)).not.toContain('idempotencyKey');
  });
});

describe('isWebposError', () => {
  it('narrows the type to one class by name', () => {
    const seen = (error: unknown): void => {
      if (!isWebposError(error)) return;
      expectTypeOf(error.orderMayExist).toEqualTypeOf<boolean | undefined>();
      if (error.name === 'TimeoutError') expectTypeOf(error).toEqualTypeOf<TimeoutError>();
      if (error.name === 'ValidationError') expectTypeOf(error).toEqualTypeOf<ValidationError>();
      if (error.name === 'ConnectionError') expectTypeOf(error.kind).toEqualTypeOf<'unreached' | 'tls' | 'broken'>();
      if (error.name === 'ConfigurationError') expectTypeOf(error.field).toEqualTypeOf<string>();
      if (error.name === 'ApiError') expectTypeOf(error.errorCode).toEqualTypeOf<string>();
      // @ts-expect-error -- no error has this name
      expect(error.name === 'NoSuchError').toBe(false);
    };
    seen(undefined);
    seen(new Error('of another library'));
  });
});
