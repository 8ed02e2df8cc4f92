/** Requests that no client library sends: the same limits and errors apply everywhere. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';
import { issueCode, issueToken } from '../services/people/panel-access.ts';

let test: TestGateway;
let shop: Shop;
let uuid: string;
let panelToken: string;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_OPS_TOKEN: 'a-token-of-the-operator' });
  shop = await test.newPos();
  const made = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
  ({ uuid } = made.body as { uuid: string });
  panelToken = (await issueToken(test.gateway.context, 3_600_000)).secret;
});
afterAll(() => test[Symbol.asyncDispose]());

describe('a nested body', () => {
  const nested = (levels: number): string => `{"amount":"10.00","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  it.each([63, 1])('is accepted up to 64 levels (%i inside the outermost)', async (levels) => {
    const headers = { 'idempotency-key': `deep-${levels}` };
    expect((await test.call('POST', '/payment-order', { token: shop.token, headers, body: nested(levels) })).status).toBe(201);
  });

  it.each([64, 5_000, 30_000])(
    'is refused beyond 64 levels on every route, with an Idempotency-Key and without (%i inside the outermost)',
    async (levels) => {
      const body = levels < 30_000 ? nested(levels) : nested(levels).slice(0, 60_000);
      const { token } = shop;
      const answers: Answer[] = [
        await test.call('POST', '/payment-order', { token, body }),
        await test.call('POST', '/payment-order', { token, headers: { 'idempotency-key': 'deep' }, body }),
        await test.call('PATCH', `/payment-order/${uuid}/test/`, { token, body }),
        await test.call('POST', '/token', { body }),
        await test.call('POST', '/panel/api/callbacks/redeliver', { token: panelToken, body }),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 400, body: { error_code: '0001' } });
        expect((answer.body as { message: string }).message).toContain('nested more than 64 levels deep');
      }
    },
  );
});

it('a request with two Host headers is refused', async () => {
  const { hostname, port } = new URL(test.gateway.url);
  const socket = connect(Number(port), hostname);
  socket.write('GET /healthz HTTP/1.1\r\nHost: a.example\r\nhost: b.example\r\nConnection: close\r\n\r\n');
  let text = '';
  socket.setEncoding('utf8').on('data', (more: string) => (text += more));
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(text).toContain('more than one Host header');
});

it('a compressed body is refused with 415', async () => {
  const body = gzipSync('{"amount":"10.00"}');
  const send = (path: string, type: string): Promise<Response> =>
    fetch(test.gateway.url + path, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${shop.token}`, 'content-type': type, 'content-encoding': 'gzip' },
    });
  for (const [path, type] of [
    ['/payment-order', 'application/json'],
    ['/token', 'application/x-www-form-urlencoded'],
    ['/panel/login', 'application/x-www-form-urlencoded'],
  ] as const) {
    const answer = await send(path, type);
    expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
      415,
      expect.stringContaining('Content-Encoding: expected none, got "gzip"'),
    ]);
  }
});

describe('HEAD', () => {
  interface Head {
    readonly status: number;
    readonly type: string | undefined;
    readonly bytes: number;
  }

  /** Uses `node:http`, which does not treat HEAD specially. */
  async function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Head> {
    const asked = request(test.gateway.url + path, { method, headers, agent: false });
    asked.end();
    const [answer] = (await once(asked, 'response', { signal: AbortSignal.timeout(60_000) })) as [IncomingMessage];
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await once(answer, 'end', { signal: AbortSignal.timeout(60_000) });
    return { status: answer.statusCode ?? 0, type: answer.headers['content-type'], bytes };
  }

  it('on the event stream of an order is answered at once, and occupies no stream', async () => {
    for (let n = 0; n < 20; n += 1)
      expect(await ask('HEAD', `/checkout/${uuid}/events`)).toEqual({ status: 200, type: 'text/event-stream', bytes: 0 });
    expect(await ask('HEAD', '/checkout/00000000-0000-4000-8000-000000000000/events')).toMatchObject({ status: 404, bytes: 0 });
  });

  it('gets the response of GET without the body', async () => {
    const code = (await issueCode(test.gateway.context)).secret;
    const login = await fetch(`${test.gateway.url}/panel/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ code }),
    });
    const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
    const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
    const paths: (readonly [string, Record<string, string>?])[] = [
      ['/healthz'],
      ['/readyz'],
      ['/metrics', bearer('a-token-of-the-operator')],
      ['/openapi.json'],
      ['/docs'],
      ['/checkout.js'],
      ['/.well-known/jwks.json'],
      ['/payment-order', bearer(shop.token)],
      [`/payment-order/${uuid}`, bearer(shop.token)],
      [`/payment-order/${uuid}/callbacks`, bearer(shop.token)],
      ['/events', bearer(shop.token)],
      [`/checkout/${uuid}`],
      [`/checkout/${uuid}/receipt`],
      [`/checkout/${uuid}/cancel`],
      ['/checkout/nothing'],
      ['/panel'],
      ['/panel/login'],
      ['/panel/callbacks', { cookie }],
      ['/panel/api/endpoints', bearer(panelToken)],
      ['/panel/api/callbacks', bearer(panelToken)],
      ['/nothing'],
    ];
    for (const [path, headers] of paths) {
      const [head, get] = [await ask('HEAD', path, headers), await ask('GET', path, headers)];
      expect([path, head.status, head.type, head.bytes]).toEqual([path, get.status, get.type, 0]);
    }
  });
});

describe('the login to the panel', () => {
  const loginAt = async (publicUrl: string): Promise<{ cookie: string; page: Answer }> => {
    await using gateway = await openTestGateway({ WEBPOS_PUBLIC_URL: publicUrl });
    const { secret } = await issueCode(gateway.gateway.context);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const entered = await gateway.call('POST', '/panel/login', { headers, body: `code=${secret}` });
    const cookie = entered.headers.get('set-cookie') ?? '';
    return { cookie, page: await gateway.call('GET', '/panel/callbacks', { headers: { cookie: cookie.split(';')[0]! } }) };
  };

  it.each([
    ['https://shop.example/pay', /^__Secure-webpos_panel=\S+; Path=\/pay\/panel; .*Secure$/],
    ['https://pay.example', /^__Host-webpos_panel=\S+; Path=\/; .*Secure$/],
  ])('at %s sets a cookie for its own path only, and isolates its window', async (publicUrl, expected) => {
    const { cookie, page } = await loginAt(publicUrl);
    expect(cookie).toMatch(expected);
    expect(page.status).toBe(200);
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });
});
