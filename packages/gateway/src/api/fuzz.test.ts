/**
 * Sends random requests: each gets a response of the contract in time, without an internal error or a leak, and every stored order is one
 * that was acknowledged. `FUZZ_RUNS=100000` sends more than the default 3,000 requests.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectGarbage } from '../../test/support/collect-garbage.ts';
import { is } from '../../test/support/shapes.ts';
import { basic, openTestGateway, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';
import { createSandbox } from '../services/sandbox/sandbox.ts';
import { checkoutRoutes } from '../web/checkout/checkout-routes.ts';
import { NoCallbackUrlError } from '../services/callbacks/send-test-callback.ts';
import { createServer } from './server.ts';

type Server = Awaited<ReturnType<typeof createServer>>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD' | 'OPTIONS';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 3_000);
const HANGS_MS = 20_000;
/** The memory that the test itself may retain for each request: an id, and some of the generated values. */
const MAX_HEAP_BYTES_PER_RUN = 1_500;
const HEAP_NOISE_BYTES = 12_000_000;

let test: TestGateway;
let server: Server;
let shop: Shop;
let uuid: string;
const errors: unknown[] = [];
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_DATABASE_URL: 'sqlite::memory:' });
  shop = await test.newPos();
  const { context } = test.gateway;
  const scripted = createSandbox({ chain: test.gateway.sandbox!, caughtUp: async () => {}, hurry: () => {} });
  server = await createServer({
    context,
    sandbox: true,
    scripted,
    sendTest: async () => {
      throw new NoCallbackUrlError('pos: expected one with a callback URL');
    },
    health: () => test.gateway.health(),
    log: { info: () => {}, error: (fields) => void errors.push(fields['err']) },
  });
  checkoutRoutes(server, { context, sandbox: scripted });
  const made = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
  ({ uuid } = made.body as { uuid: string });
});
afterAll(async () => {
  await server.close();
  await test[Symbol.asyncDispose]();
});

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
/** Values that can be sent in a header; Node refuses all others. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 200,
});
const anyMethod = fc.constantFrom<Method>('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS');
/** A valid query with some invalid parts. */
const listQuery = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'status=paid',
        'page=0',
        'page_size=40',
        'sort_by=amount',
        'sort_order=asc',
        'reference=A-1',
        'page=-1',
        'page_size=41',
      ),
      fc
        .tuple(
          fc.constantFrom('status', 'page', 'page_size', 'sort_by', 'sort_order', 'reference', '__proto__', 'x[]'),
          fc.string(),
        )
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
      fc.webQueryParameters(),
    ),
    { maxLength: 4 },
  )
  .map((parts) => `/payment-order?${parts.join('&')}`);
const id = (): string => `/payment-order/${uuid}`;
/** The paths of the contract with their methods. */
const known = fc.constantFrom<readonly [Method, () => string]>(
  ['POST', () => '/payment-order'],
  ['POST', () => '/payment-order'],
  ['POST', () => '/payment-order'],
  ['POST', () => '/token'],
  ['GET', id],
  ['DELETE', id],
  ['GET', () => `${id()}/callbacks`],
  ['PATCH', () => `${id()}/test/`],
  ['PATCH', () => `${id()}/test/reset`],
  ['GET', () => `/checkout/${uuid}`],
  ['POST', () => `/checkout/${uuid}/sandbox/pay`],
);
const oddPath = fc.oneof(
  fc
    .tuple(fc.constantFrom('/payment-order/', '/checkout/', '/'), anyText)
    .map(([base, text]) => base + encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''))),
  fc.webPath().map((text) => `/${text.replace(/^\/+/, '')}`),
  fc.string({ unit: 'grapheme-ascii' }).map((text) => `/payment-order/${text.replaceAll(/[\s#?\\]/g, '')}`),
);
const target = fc.oneof(
  { weight: 8, arbitrary: known },
  { weight: 1, arbitrary: fc.tuple(anyMethod, known).map(([verb, [, where]]) => [verb, where] as const) },
  { weight: 1, arbitrary: listQuery.map((where) => ['GET', () => where] as const) },
  { weight: 1, arbitrary: fc.tuple(anyMethod, oddPath).map(([verb, where]) => [verb, () => where] as const) },
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
          'idempotency-key': fc.oneof(fc.constantFrom('a', 'b', ''), headerText),
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
  callback: 'payment.completed',
};
/** URLs at a host that cannot exist, because the gateway sends callbacks to what it accepts. */
const callbackUrl = fc
  .webUrl({ withFragments: true, withQueryParameters: true })
  .map((url) => url.replace(/^(https?:\/\/[^/?#]*)/, '$1.invalid'));
const oddUrl = fc.oneof(
  callbackUrl,
  fc.constantFrom('http:', 'https://', 'https://%', 'https://a:99999/', 'https://xn--a', 'https://[::1', 'javascript:1'),
);
const oddAmount = fc.oneof(fc.constantFrom('0.36', '999999', '1e3'), fc.double().map(String), fc.bigInt().map(String));
/** A valid body in which some fields are changed, missing or renamed. */
const creation = fc
  .array(
    fc.tuple(
      fc.constantFrom(...Object.keys(GOOD), '__proto__', 'constructor', 'toString'),
      fc.oneof(oddUrl, oddAmount, anyText, fc.nat(6), fc.double(), fc.jsonValue(), fc.constant(undefined)),
    ),
    { maxLength: 3 },
  )
  .map((changes) => Object.fromEntries([...Object.entries(GOOD), ...changes]));
/** Text with a piece removed or inserted. */
const mutated = fc.tuple(creation, fc.nat(), fc.nat(8), anyText).map(([body, at, cut, put]) => {
  const text = JSON.stringify(body);
  const from = at % (text.length + 1);
  return text.slice(0, from) + put + text.slice(from + cut);
});
/** JSON values that often break programs. */
const oddJson = fc.oneof(
  fc.nat(3_000).map((depth) => `{"amount":"10.00","x":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  fc.nat(3_000).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.tuple(oddAmount, oddAmount).map(([one, other]) => `{"amount":${JSON.stringify(one)},"amount":${JSON.stringify(other)}}`),
  fc.constantFrom(
    '{"amount":1e999}',
    '{"amount":"10.00","required_confirmations":1e400}',
    '{"amount":"10.00","required_confirmations":-0}',
    `{"amount":"${'9'.repeat(60_000)}"}`,
    '{"amount":"10.00","__proto__":{"details":"x"}}',
    '{"constructor":{"prototype":{"amount":"1"}}}',
    '{"amount":"10.00","details":"\\ud800"}',
    '\ufeff{"amount":"10.00"}',
  ),
);
const payload = fc.oneof(
  { weight: 2, arbitrary: oddJson },
  { weight: 6, arbitrary: creation.map((body) => JSON.stringify(body)) },
  { weight: 3, arbitrary: mutated },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('', 'grant_type=client_credentials&scope=*', 'a'.repeat(70_000), '[[[[', 'null') },
);

function authorization(kind: string, odd: string): Record<string, string> {
  if (kind === 'none') return {};
  if (kind === 'token') return { authorization: `Bearer ${shop.token}` };
  return { authorization: kind === 'basic' ? basic(shop.pos.clientId, shop.secret) : odd };
}

describe('a random request', () => {
  it(
    'gets a response of the contract, never an internal error',
    async () => {
      const statuses = new Map<number, number>();
      const made = new Set<string>([uuid]);
      const resources = lastingResources();
      let run = 0;
      let heapHalfway = 0;
      await fc.assert(
        fc.asyncProperty(target, headers, payload, async ([verb, where], head, body) => {
          if ((run += 1) === Math.floor(RUNS / 2)) heapHalfway = heapAfterCollection();
          const url = where();
          const answer = await inTime(
            server.inject({
              method: verb,
              url,
              headers: head(),
              ...(verb === 'GET' || verb === 'HEAD' ? {} : { payload: body }),
            }),
          );
          if (answer.statusCode === 201) made.add(answer.json<{ uuid: string }>().uuid);
          statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
          expect(errors).toEqual([]);
          expect(answer.statusCode).toBeLessThan(500);
          const requestId = answer.headers['x-request-id'];
          expect(requestId).toSatisfy(is.uuid);
          const isPage = String(answer.headers['content-type']).startsWith('text/html');
          if (answer.statusCode < 400 || isPage || verb === 'HEAD') return;
          expect(answer.json()).toMatchObject({
            error_code: expect.stringMatching(/^\d{4}$/) as unknown,
            message: expect.stringMatching(/^\w+: ./) as unknown,
            request_id: requestId,
          });
          const { error_code: code, message: _message, request_id: _id, ...rest } = answer.json<Record<string, unknown>>();
          expect(Object.keys(rest)).toEqual('errors' in rest && code === '0001' ? ['errors'] : []);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      // The requests reached all kinds of outcomes.
      expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 303, 400, 401, 404, 405, 413, 415]));

      const heapGrowth = heapAfterCollection() - heapHalfway;
      expect(heapGrowth).toBeLessThan(HEAP_NOISE_BYTES + (RUNS / 2) * MAX_HEAP_BYTES_PER_RUN);
      expect(lastingResources()).toBeLessThanOrEqual(resources + 5);
      const { total, addresses } = await everyOrder();
      expect(total).toBe(made.size);
      expect(new Set(addresses).size).toBe(total);
      if (RUNS > 3_000)
        process.stderr.write(
          `fuzz: ${RUNS} requests, ${[...statuses].map((entry) => entry.join(': ')).join(', ')}; ${total} orders; heap grew by ${heapGrowth} bytes in the second half\n`,
        );
    },
    60_000 + RUNS * 20,
  );

  it('that is accepted is stored unchanged', async () => {
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
        const { uuid: newUuid } = made.json<{ uuid: string }>();
        const order = await server.inject({ method: 'GET', url: `/payment-order/${newUuid}`, headers: auth });
        expect(order.json()).toMatchObject({ details, reference, required_confirmations: confirmations });
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

/** Counts the resources that keep the process alive, except those that end with the next turn of the event loop. */
function lastingResources(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate').length;
}

/** Reads every order of the shop from the store. */
async function everyOrder(): Promise<{ total: number; addresses: string[] }> {
  const { orders } = test.gateway.context.store;
  const query = {
    posId: shop.pos.id,
    pageSize: 1_000,
    sortBy: 'created_at',
    sortOrder: 'asc',
    blockchainStatus: undefined,
  } as const;
  const addresses: string[] = [];
  for (let page = 0; ; page += 1) {
    const found = await orders.list({ ...query, page });
    addresses.push(...found.orders.map(({ terms }) => terms.address));
    if (found.orders.length === 0) return { total: found.total, addresses };
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${HANGS_MS} ms`)), HANGS_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
