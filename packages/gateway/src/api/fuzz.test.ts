import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { is } from '../../test/support/shapes.ts';
import { basic, openTestGateway, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';
import { checkoutRoutes } from '../web/checkout-routes.ts';
import { createServer } from './server.ts';

type Server = Awaited<ReturnType<typeof createServer>>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD' | 'OPTIONS';

let test: TestGateway;
let server: Server;
let shop: Shop;
let uuid: string;
const errors: unknown[] = [];
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_DATABASE_URL: 'sqlite::memory:' });
  shop = await test.newPos();
  const { context } = test.gateway;
  server = await createServer({
    context,
    sandbox: true,
    health: () => test.gateway.health(),
    log: { info: () => {}, error: (fields) => void errors.push(fields['err']) },
  });
  checkoutRoutes(server, { context, payInSandbox: async () => {} });
  const made = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
  ({ uuid } = made.body as { uuid: string });
});
afterAll(async () => {
  await server.close();
  await test[Symbol.asyncDispose]();
});

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
/** What can stand in a header at all: Node refuses the rest before it is sent. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 200,
});
const method = fc.constantFrom<Method>('GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS');
const path = fc.oneof(
  { weight: 6, arbitrary: fc.constant('/payment-order') },
  { weight: 2, arbitrary: fc.constant('/token') },
  { weight: 2, arbitrary: fc.constantFrom('order', 'checkout', 'pay').map((kind) => () => knownPath(kind)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('/payment-order/', '/checkout/', '/'), anyText)
      .map(([base, id]) => base + encodeURIComponent(id.replaceAll(/\p{Surrogate}/gu, ''))),
  },
  { weight: 1, arbitrary: fc.webPath().map((text) => `/${text.replace(/^\/+/, '')}`) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'grapheme-ascii' }).map((text) => `/payment-order/${text.replaceAll(/[\s#?\\]/g, '')}`),
  },
);
const headers = fc
  .tuple(
    fc.constantFrom('token', 'token', 'token', 'basic', 'none', 'odd'),
    headerText,
    fc.oneof(
      fc.constant({}),
      fc.record(
        {
          'x-api-version': fc.oneof(fc.constantFrom('v1', 'v2', 'v3'), headerText),
          accept: fc.oneof(fc.constantFrom('*/*', 'application/json', 'text/html'), headerText),
          'accept-encoding': headerText,
          'accept-version': headerText,
          'x-request-id': headerText,
          'x-forwarded-for': headerText,
          'x-http-method-override': fc.constantFrom('DELETE', 'GET'),
          cookie: headerText,
          range: headerText,
          'content-encoding': fc.constantFrom('gzip', 'br', 'x'),
        },
        { requiredKeys: [] },
      ),
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('application/json') },
      { weight: 1, arbitrary: fc.constantFrom('application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data') },
      { weight: 1, arbitrary: headerText },
    ),
  )
  .map(([kind, odd, more, type]) => (): Record<string, string> => ({
    ...more,
    'content-type': type,
    ...authorization(kind, odd),
  }));

const GOOD = {
  amount: '10.00',
  callback_url: 'https://shop.example/callback',
  continue_url: 'https://shop.example/thanks?',
  cancel_url: null,
  details: 'Two coffees',
  reference: 'A-1',
  required_confirmations: 2,
  grant_type: 'client_credentials',
  scope: '*',
};
const oddUrl = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.constantFrom('http:', 'https://', 'https://%', 'https://a:99999/', 'https://xn--a', 'https://[::1', 'javascript:1'),
);
const oddAmount = fc.oneof(fc.constantFrom('0.36', '999999', '1e3'), fc.double().map(String), fc.bigInt().map(String));
/** A good body in which some fields are something else, or missing, or of another name. */
const creation = fc
  .array(
    fc.tuple(
      fc.constantFrom(...Object.keys(GOOD), '__proto__', 'constructor', 'toString'),
      fc.oneof(oddUrl, oddAmount, anyText, fc.nat(6), fc.double(), fc.jsonValue(), fc.constant(undefined)),
    ),
    { maxLength: 3 },
  )
  .map((changes) => Object.fromEntries([...Object.entries(GOOD), ...changes]));
/** Text with a piece cut out or put in. */
const mutated = fc.tuple(creation, fc.nat(), fc.nat(8), anyText).map(([body, at, cut, put]) => {
  const text = JSON.stringify(body);
  const from = at % (text.length + 1);
  return text.slice(0, from) + put + text.slice(from + cut);
});
const payload = fc.oneof(
  { weight: 6, arbitrary: creation.map((body) => JSON.stringify(body)) },
  { weight: 3, arbitrary: mutated },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('', 'grant_type=client_credentials&scope=*', 'a'.repeat(70_000), '[[[[', 'null') },
);

function knownPath(kind: string): string {
  if (kind === 'order') return `/payment-order/${uuid}`;
  return kind === 'pay' ? `/checkout/${uuid}/sandbox/pay` : `/checkout/${uuid}`;
}

function authorization(kind: string, odd: string): Record<string, string> {
  if (kind === 'none') return {};
  if (kind === 'token') return { authorization: `Bearer ${shop.token}` };
  return { authorization: kind === 'basic' ? basic(shop.pos.clientId, shop.secret) : odd };
}

describe('whatever is asked', () => {
  it('is answered as the contract says, never by a fault of ours', async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(method, path, headers, payload, async (verb, where, head, body) => {
        const answer = await server.inject({
          method: verb,
          url: typeof where === 'function' ? where() : where,
          headers: head(),
          ...(verb === 'GET' || verb === 'HEAD' ? {} : { payload: body }),
        });
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        expect(errors).toEqual([]);
        expect(answer.statusCode).toBeLessThan(500);
        const id = answer.headers['x-request-id'];
        expect(id).toSatisfy(is.uuid);
        const isPage = String(answer.headers['content-type']).startsWith('text/html');
        if (answer.statusCode < 400 || isPage || verb === 'HEAD') return;
        expect(answer.json()).toMatchObject({
          error_code: expect.stringMatching(/^\d{4}$/) as unknown,
          message: expect.stringMatching(/^\w+: ./) as unknown,
          request_id: id,
        });
        const { error_code: code, message: _message, request_id: _id, ...rest } = answer.json<Record<string, unknown>>();
        expect(Object.keys(rest)).toEqual('errors' in rest && code === '0001' ? ['errors'] : []);
      }),
      { numRuns: 3_000 },
    );
    // The requests were good enough to come to each end.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 303, 400, 401, 404, 405, 413, 415]));
  }, 60_000);

  it('what is taken comes back to the letter', async () => {
    let taken = 0;
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 310 }));
    const auth = { authorization: `Bearer ${shop.token}` };
    await fc.assert(
      fc.asyncProperty(text, text, fc.nat(1000), async (details, reference, confirmations) => {
        const body = { amount: '10.00', details, reference, required_confirmations: confirmations };
        const made = await server.inject({ method: 'POST', url: '/payment-order', headers: auth, payload: body });
        if (made.statusCode !== 201) {
          expect(made.statusCode).toBe(400);
          return;
        }
        taken += 1;
        const { uuid: id } = made.json<{ uuid: string }>();
        const order = await server.inject({ method: 'GET', url: `/payment-order/${id}`, headers: auth });
        expect(order.json()).toMatchObject({ details, reference, required_confirmations: confirmations });
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
