import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertError } from '../../../test/support/shapes.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600' });
  shop = await test.newPos();
});
afterAll(() => test[Symbol.asyncDispose]());

async function newOrder(): Promise<string> {
  const { body } = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
  return (body as { uuid: string }).uuid;
}

function press(uuid: string, form: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return test.call('POST', `/checkout/${uuid}/sandbox`, {
    body: form,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

async function status(uuid: string): Promise<string> {
  const { body } = await test.call('GET', `/payment-order/${uuid}`, { token: shop.token });
  return (body as { state: { blockchain_status: string } }).state.blockchain_status;
}

describe("the sandbox's buttons", () => {
  it('lead an order through its life, and back to the page with the controls open', async () => {
    const uuid = await newOrder();
    const steps: [form: string, status: string][] = [
      ['action=send-part&sats=600', 'partial'],
      ['action=send', 'mempool_unconfirmed'],
      ['action=replace', 'pending'],
      ['action=send-more', 'mempool_unconfirmed'],
      ['action=mine', 'paid'],
      ['event=payment.dispute.start', 'mempool_network_dispute'],
      ['event=payment.chargeback', 'chargeback'],
      ['action=reset', 'pending'],
      ['event=payment.cancelled', 'cancelled'],
    ];
    for (const [form, expected] of steps) {
      const answer = await press(uuid, form);
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/checkout/${uuid}?sandbox=done#sandbox`]);
      expect(await status(uuid), form).toBe(expected);
      expect((await test.call('GET', `/checkout/${uuid}?sandbox=done`)).text).toMatch(/<details class="sandbox-panel"[^>]* open/);
    }
  });

  it.each([
    ['?lang=de&unit=sat&again=1&stay=1', '?lang=de&unit=sat&again=1&stay=1&sandbox=done#sandbox'],
    ['?lang=klingon&unit=btc&again=2&note=x&lang2=de', '?sandbox=done#sandbox'],
    ['?lang=it&lang=de', '?sandbox=done#sandbox'],
  ])('lead from %s back to the page in the same language and with the same choices', async (query, back) => {
    const uuid = await newOrder();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await test.call('POST', `/checkout/${uuid}/sandbox${query}`, { body: 'action=send', headers });
    expect(answer.headers.get('location')).toBe(`/checkout/${uuid}${back}`);
    const paid = await test.call('POST', `/checkout/${uuid}/sandbox/pay${query}`, { body: '', headers });
    expect(paid.headers.get('location')).toBe(`/checkout/${uuid}${back.replace(/[?&]sandbox=done#sandbox/, '')}`);
  });

  it.each([
    ['event=payment.dispute.end', 'refused'],
    ['event=payment.unheard', 'refused'],
    ['action=dance', 'refused'],
    ['action=reorganize', 'refused'],
    ['', 'refused'],
    ['action=send-part', 'amount'],
    ['action=send-part&sats=-600', 'amount'],
    ['action=send-part&sats=1e3', 'amount'],
    ['action=send-part&sats=99999999999999999', 'amount'],
    ['action=send-part&sats=16667', 'amount'],
  ])('%j on an order that is open does nothing, and the page says so', async (form, note) => {
    const uuid = await newOrder();
    expect((await press(uuid, form)).headers.get('location')).toBe(`/checkout/${uuid}?sandbox=${note}#sandbox`);
    expect(await status(uuid)).toBe('pending');
    expect((await test.call('GET', `/checkout/${uuid}?sandbox=${note}`)).text).toContain('role="alert"');
  });

  it.each([
    ['by a browser that says so', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['by a neighbour of the same site', { 'sec-fetch-site': 'same-site' }],
    ['with a foreign origin alone', { origin: 'https://evil.example' }],
    ['with an origin that is hidden', { origin: 'null' }],
  ])('take nothing from another site: %s', async (_what, headers) => {
    const uuid = await newOrder();
    assertError(await press(uuid, 'action=send', headers), 403, '1012');
    expect(await status(uuid)).toBe('pending');
  });

  it('accept forms from their own page', async () => {
    const uuid = await newOrder();
    expect((await press(uuid, 'action=send', { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
    expect((await press(uuid, 'action=mine', { origin: test.gateway.url })).status).toBe(303);
    expect(await status(uuid)).toBe('paid');
  });

  it('are not found at a nonexistent order', async () => {
    expect((await press('00000000-0000-4000-8000-000000000000', 'action=mine')).status).toBe(404);
  });
});
