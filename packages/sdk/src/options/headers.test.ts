/** Headers that an application sends with every request. */
import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { cut, json, ORDER_PATH, ORDER_UUID, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import { Client } from '../client.ts';
import type { WebposError } from '../errors/index.ts';
import { nodeFetch } from '../node/index.ts';

const TOKEN = 'cf-"service"-token';
const ACCESS = { 'CF-Access-Client-Id': 'id-of-the-shop', 'CF-Access-Client-Secret': TOKEN };

/** A server that echoes everything it received to the client. */
const echo: Route = (response, count, seen) => {
  const message = `you sent ${JSON.stringify(seen.headers)}`;
  json(400, { error_code: '0001', message, request_id: TOKEN, errors: { [TOKEN]: [message] } })(response, count, seen);
};

/** Everything that an error can show. */
function shownBy(error: unknown): string {
  const { stack, debugInfo } = error as WebposError;
  return [
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 20, showHidden: true }),
    stack,
    JSON.stringify(debugInfo),
  ].join();
}

describe('the headers of a client', () => {
  it.each([
    ['fetch', undefined],
    ['nodeFetch', nodeFetch()],
  ])('are sent with every request by %s, the login included', async (_name, fetch) => {
    const client = await clientOf({}, { http: { headers: ACCESS, fetch } });
    await client.getPaymentOrder(ORDER_UUID);
    await client.createPaymentOrder({ amount: '1' });
    expect(gateway.seen).toHaveLength(3);
    for (const { headers } of gateway.seen)
      expect(headers).toMatchObject({ 'cf-access-client-id': 'id-of-the-shop', 'cf-access-client-secret': TOKEN });
  });

  it('may be a Headers object, and are overridden by those of a call', async () => {
    const client = await clientOf({}, { http: { headers: new Headers({ 'X-Tenant': 'one', 'User-Agent': 'my-shop/1' }) } });
    await client.getPaymentOrder(ORDER_UUID, { headers: { 'x-tenant': 'two' } });
    expect(gateway.seen.map(({ headers }) => [headers['x-tenant'], headers['user-agent']])).toEqual([
      ['one', 'my-shop/1'],
      ['two', 'my-shop/1'],
    ]);
  });

  it('work without the global Headers, which the environments of Jest 27 hide', async () => {
    const given = new Headers({ 'X-Tenant': 'one' });
    vi.stubGlobal('Headers', undefined);
    try {
      for (const headers of [given, { 'X-Tenant': ' one\n' }]) {
        const client = await clientOf({}, { http: { headers, fetch: nodeFetch() } });
        await client.getPaymentOrder(ORDER_UUID, { headers: { 'X-Trace': 't' } });
        expect(gateway.to(ORDER_PATH)[0]!.headers).toMatchObject({ 'x-tenant': 'one', 'x-trace': 't' });
      }
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it.each(['Authorization', 'X-Api-Version', 'accept', 'Content-Type', 'Idempotency-Key'])('cannot contain %s', (name) => {
    const options = { mode: 'sandbox', clientId: 'shop', secret: 's', http: { headers: { [name]: TOKEN } } } as const;
    expect(() => new Client(options)).toThrow(`headers: expected none that the library sets, got ${name.toLowerCase()}`);
  });

  it.each([[TOKEN], [{ 'X-Two-Lines': `${TOKEN}\n${TOKEN}` }], [{ [TOKEN]: 'x' }], [null]])(
    'are refused if they are invalid, without showing %j',
    (headers) => {
      const options = { mode: 'sandbox', clientId: 'shop', secret: 's', http: { headers } } as never;
      const thrown = thrownBy(() => new Client(options));
      expect(thrown).toMatchObject({ name: 'ConfigurationError', field: 'headers' });
      expect(shownBy(thrown)).not.toContain('service');
    },
  );

  it.each<[string, Record<string, Route>]>([
    ['an echoed login', { '/token': echo }],
    ['an echoed read', { [ORDER_PATH]: echo }],
    ['an echoing page', { [ORDER_PATH]: (response, _count, seen) => response.writeHead(502).end(inspect(seen.headers)) }],
    ['a connection that breaks', { [ORDER_PATH]: cut }],
  ])('are in no error after %s', async (_what, routes) => {
    const client = await clientOf(routes, { maxRetries: 0, http: { headers: ACCESS } });
    const error: unknown = await client.getPaymentOrder(ORDER_UUID).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: expect.stringMatching(/^(ValidationError|UnexpectedAnswerError|ConnectionError)$/) as string,
    });
    const shown = shownBy(error);
    expect(shown).not.toContain('id-of-the-shop');
    expect(shown).not.toMatch(/cf-.{0,6}service/);
  });

  it('are omitted from the request in debugInfo, however short they are', async () => {
    const client = await clientOf({ [ORDER_PATH]: cut }, { maxRetries: 0, http: { headers: { 'X-Pin': 'q7' } } });
    const error = (await client.getPaymentOrder(ORDER_UUID).catch((thrown: unknown) => thrown)) as WebposError;
    expect(error.debugInfo?.request.headers['x-pin']).toBe('[redacted]');
  });

  it('keep the token of their client from clients without them, which may reach another gateway', async () => {
    const client = await clientOf({}, { http: { headers: { 'X-Tenant': 'one' } } });
    await client.getPaymentOrder(ORDER_UUID);
    const { baseUrl } = gateway;
    await new Client({ mode: 'sandbox', clientId: 'shop', secret: 's€cret', baseUrl }).getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(2);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
