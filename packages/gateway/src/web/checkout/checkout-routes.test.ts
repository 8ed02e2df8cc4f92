import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { assets, contentSecurityPolicy } from '@webpos/web';
import { assertError } from '../../../test/support/shapes.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { createServer } from '../../api/server.ts';
import { changeTerms } from '../../services/merchants/change-terms.ts';
import { checkoutRoutes } from './checkout-routes.ts';
import { RELEASE } from './page-tag.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos({ name: 'Tom & <b>Jerry</b>' });
});
afterAll(() => test[Symbol.asyncDispose]());

async function newOrder(more: Readonly<Record<string, unknown>> = {}): Promise<{ uuid: string; address: string }> {
  const answer = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00', ...more } });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as { uuid: string; address: string };
}

/** Expects a page with the headers that keep it private. */
function assertPage(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  });
  expect(answer.text).toMatch(/^<!doctype html>/i);
}

describe('the checkout page', () => {
  it('shows the order to anyone who has its link, and allows neither caches nor frames', async () => {
    const { uuid, address } = await newOrder({ details: 'Two coffees' });
    const page = await test.call('GET', `/checkout/${uuid}`);
    assertPage(page, 200);
    expect(contentSecurityPolicy()).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    for (const text of [address, '0.00016667', '10.00', 'Two coffees']) expect(page.text).toContain(text);
    expect(page.text).toContain(`data-release="${RELEASE}"`);
  });

  it('is not sent again while only the clock has moved', async () => {
    const { uuid } = await newOrder({ required_confirmations: 0 });
    const path = `/checkout/${uuid}`;
    const ask = (etag: string, at = path): Promise<Answer> => test.call('GET', at, { headers: { 'if-none-match': etag } });
    const first = (await test.call('GET', path)).headers.get('etag') ?? 'none';
    test.clock.advance(60_000);
    const same = await ask(first);
    expect([same.status, same.text, same.headers.get('x-expires-in'), same.headers.get('cache-control')]).toEqual([
      304,
      '',
      '840',
      'no-store',
    ]);
    for (const other of [`${path}?lang=it`, `${path}?unit=sat`, `${path}/receipt`, `${path}?cancelled=1`])
      expect((await ask(first, other)).status, other).toBe(200);
    await changeTerms(test.gateway.context, { kind: 'command' }, shop.pos.id, {}, { accent: '#f7931a' });
    const coloured = await ask(first);
    expect(coloured.status).toBe(200);
    test.clock.advance(900_000);
    const over = await ask(coloured.headers.get('etag') ?? 'none');
    expect([over.status, over.headers.get('x-expires-in')]).toEqual([200, '0']);
    await changeTerms(test.gateway.context, { kind: 'command' }, shop.pos.id, {}, { accent: null });
  });

  it('shows the texts of shops and buyers as text, never as markup', async () => {
    const script = '"><script>alert(1)</script>';
    const { uuid } = await newOrder({ details: script, reference: script, cancel_url: 'https://shop.example/"onclick="x' });
    const { text } = await test.call('GET', `/checkout/${uuid}`);
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<b>Jerry');
    expect(text).not.toContain('"onclick="x');
    expect(text).toContain('&lt;script>alert(1)&lt;/script>');
  });

  it("reveals nothing of the shop's own: no token, no callback URL, no account", async () => {
    const { uuid } = await newOrder({ callback_url: 'https://shop.example/hidden-callback' });
    const { text } = await test.call('GET', `/checkout/${uuid}`);
    for (const hidden of ['hidden-callback', shop.secret, shop.pos.clientId, shop.account.id, shop.account.descriptor])
      expect(text).not.toContain(hidden);
  });

  it.each([
    ['of a nonexistent order', '/checkout/00000000-0000-4000-8000-000000000000'],
    ['of no id', '/checkout/x'],
    ['of an id in capitals', '/checkout/AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA'],
    ['of nothing', '/checkout/'],
    ['with more behind it', '/checkout/00000000-0000-4000-8000-000000000000/more'],
    ['with markup', '/checkout/%3Cscript%3E'],
    ['with a NUL', '/checkout/%00'],
  ])('is a page that says so at a link %s, with the same headers', async (_what, path) => {
    const page = await test.call('GET', path);
    assertPage(page, 404);
    expect(page.text).toContain('Payment not found');
    expect(page.text).not.toContain('<script>');
  });

  it('is the same for every nonexistent order', async () => {
    const [one, other] = await Promise.all(
      ['x', '00000000-0000-4000-8000-000000000000'].map((id) => test.call('GET', `/checkout/${id}`)),
    );
    expect(one!.text).toBe(other!.text);
  });

  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const nowhere = '00000000-0000-4000-8000-000000000000';

  it.each([
    'GET ',
    'GET /cancel',
    'GET /receipt',
    'GET /events',
    'POST /cancel',
    'POST /refund',
    'POST /retry',
    'POST /sandbox',
    'POST /sandbox/pay',
  ])('answers %s of a nonexistent order as it answers an id that cannot exist', async (line) => {
    const [method = '', path = ''] = line.split(' ');
    const ask = async (id: string): Promise<unknown> => {
      const options = method === 'POST' ? { body: '', headers: FORM } : {};
      const { status, headers, text } = await test.call(method, `/checkout/${id}${path}`, options);
      const unlike = ['x-request-id', 'date'];
      return { status, text, headers: [...headers].filter(([name]) => !unlike.includes(name)) };
    };
    const answer = await ask(nowhere);
    expect(answer).toMatchObject({ status: 404 });
    for (const id of ['x', nowhere.replace('8', '9'), 'A'.repeat(36)]) expect(await ask(id)).toEqual(answer);
  });

  it.each(['/cancel', '/refund', '/retry', '/sandbox', '/sandbox/pay'])(
    'refuses the form of another site at %s before it looks up the order',
    async (path) => {
      const { uuid } = await newOrder();
      const headers = { ...FORM, 'sec-fetch-site': 'cross-site' };
      const post = (id: string): Promise<Answer> => test.call('POST', `/checkout/${id}${path}`, { body: '', headers });
      const [there, not] = [await post(uuid), await post(nowhere)];
      assertError(there, 403, '1012');
      expect([not.status, not.text.length]).toEqual([there.status, there.text.length]);
    },
  );

  it.each(['/checkout/%zz', `/checkout/${'a'.repeat(500)}`])('does not exist at %s, which no router can read', async (path) => {
    expect((await test.call('GET', path)).status).toBe(404);
  });

  it('loads its own files, which may be cached forever', async () => {
    const { uuid } = await newOrder();
    const framing = await test.newPos({ look: { origins: ['https://shop.example'] } });
    const framed = await test.call('POST', '/payment-order', { token: framing.token, body: { amount: '10.00' } });
    const page = `/checkout/${(framed.body as { uuid: string }).uuid}`;
    const { text } = await test.call('GET', page, { headers: { 'sec-fetch-dest': 'iframe' } });
    // A page outside of a frame loads one script less.
    expect((await test.call('GET', `/checkout/${uuid}`)).text).toContain('/assets/checkout.js?v=');
    const ofCheckout = [...assets].filter(([path]) => !path.startsWith('/assets/panel'));
    for (const [path, { contentType, body }] of ofCheckout) {
      const [link] = text.match(new RegExp(`${path}\\?v=[0-9a-f]+`)) ?? [];
      const file = await test.call('GET', link ?? 'the page does not load it');
      expect(file).toMatchObject({ status: 200, text: body });
      expect(file.headers.get('content-type')).toBe(contentType);
      expect(file.headers.get('cache-control')).toContain('immutable');
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    }
    assertError(await test.call('GET', '/assets/../package.json'), 404, '3001');
    assertError(await test.call('GET', '/assets/..%2fpackage.json'), 404, '3001');
  });
});

describe('cancelling', () => {
  const cancel = (uuid: string, headers: Record<string, string> = {}): Promise<Answer> =>
    test.call('POST', `/checkout/${uuid}/cancel`, {
      body: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const status = async (uuid: string): Promise<unknown> => {
    const { body } = await test.call('GET', `/payment-order/${uuid}`, { token: shop.token });
    return (body as { state: { status: unknown } }).state.status;
  };

  it('asks first, then cancels and leads back to the page, which leads to the shop', async () => {
    const { uuid } = await newOrder({ cancel_url: 'https://shop.example/back' });
    expect((await test.call('GET', `/checkout/${uuid}`)).text).toContain(`/checkout/${uuid}/cancel?lang=en`);
    const question = await test.call('GET', `/checkout/${uuid}/cancel?lang=it`);
    assertPage(question, 200);
    expect(question.text).toContain('Annullare questo pagamento?');
    expect(await status(uuid)).toBe('pending');
    const answer = await cancel(uuid);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/checkout/${uuid}?cancelled=1`]);
    expect(await status(uuid)).toBe('cancelled');
    const page = await test.call('GET', `/checkout/${uuid}?cancelled=1`);
    expect(page.text).toContain(`data-leave="https://shop.example/back?payment_id=${uuid}"`);
  });

  it.each([
    ['says so', { 'sec-fetch-site': 'cross-site' }],
    ['is of the same domain only', { 'sec-fetch-site': 'same-site' }],
    ['is too old to say so', { origin: 'https://evil.example' }],
    ['hides itself', { origin: 'null' }],
  ])('is refused to the form of another site whose browser %s', async (_what, headers) => {
    const { uuid } = await newOrder();
    assertError(await cancel(uuid, headers), 403, '1012');
    expect(await status(uuid)).toBe('pending');
  });

  it('does nothing to an order that has ended, and does not ask', async () => {
    const { uuid } = await newOrder();
    await cancel(uuid);
    expect((await test.call('GET', `/checkout/${uuid}/cancel`)).headers.get('location')).toBe(`/checkout/${uuid}`);
    expect((await cancel(uuid)).status).toBe(303);
  });

  it('is not found at a nonexistent order', async () => {
    assertPage(await cancel('00000000-0000-4000-8000-000000000000'), 404);
  });
});

describe('the receipt', () => {
  it('has the address once the order is paid', async () => {
    const { uuid, address } = await newOrder({ required_confirmations: 0 });
    expect((await test.call('GET', `/checkout/${uuid}/receipt`)).text).toContain(
      'Your receipt will be here once the whole amount is received.',
    );
    await test.call('POST', `/checkout/${uuid}/sandbox/pay`, {
      body: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await vi.waitFor(async () => expect((await test.call('GET', `/checkout/${uuid}/receipt`)).text).toContain(address), 5_000);
    expect((await test.call('GET', `/checkout/${uuid}`)).text).toContain(`/checkout/${uuid}/receipt?lang=en`);
  });
});

describe("the sandbox's pay button", () => {
  const press = (uuid: string): Promise<Answer> =>
    test.call('POST', `/checkout/${uuid}/sandbox/pay`, {
      body: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

  it('pays what is missing, once, and leads back to the page', async () => {
    const { uuid } = await newOrder({ required_confirmations: 0, continue_url: 'https://shop.example/thanks' });
    expect((await test.call('GET', `/checkout/${uuid}`)).text).toContain(`/checkout/${uuid}/sandbox/pay`);
    const answer = await press(uuid);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/checkout/${uuid}`]);
    await vi.waitFor(async () => expect((await status(uuid)).blockchain_status).toBe('paid'), { timeout: 60_000 });
    const page = await test.call('GET', `/checkout/${uuid}`);
    expect(page.text).toContain(`https://shop.example/thanks?payment_id=${uuid}`);
    expect(page.text).not.toContain('sandbox/pay');
    await press(uuid);
    await test.gateway.sandbox!.mine();
    const order = (await test.call('GET', `/payment-order/${uuid}`, { token: shop.token })).body as { transactions: unknown[] };
    expect(order.transactions).toHaveLength(1);
  });

  it('is not found at a nonexistent order', async () => {
    assertPage(await press('00000000-0000-4000-8000-000000000000'), 404);
  });

  it('does nothing on GET', async () => {
    const { uuid } = await newOrder();
    assertPage(await test.call('GET', `/checkout/${uuid}/sandbox/pay`), 404);
    expect((await test.gateway.sandbox!.mempool()).size).toBe(0);
  });

  it('exists only with a sandbox chain', async () => {
    const { context } = test.gateway;
    const log = { info: () => {}, error: () => {} };
    const server = await createServer({ context, sandbox: false, health: () => test.gateway.health(), log });
    checkoutRoutes(server, { context, sandbox: undefined });
    const { uuid } = await newOrder();
    const { body } = await server.inject({ url: `/checkout/${uuid}` });
    expect(body.replaceAll(/<style>[^<]*<\/style>/g, '')).not.toMatch(/sandbox/i);
    for (const path of ['sandbox', 'sandbox/pay'])
      expect((await server.inject({ method: 'POST', url: `/checkout/${uuid}/${path}` })).statusCode).toBe(404);
    await server.close();
  });

  async function status(uuid: string): Promise<{ blockchain_status: string }> {
    const { body } = await test.call('GET', `/payment-order/${uuid}`, { token: shop.token });
    return (body as { state: { blockchain_status: string } }).state;
  }
});
