/** What a buyer can do on the page besides paying: ask for a refund, try again, return to the shop. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import type { PosCheckout } from '../../merchants/pos.ts';
import { changeTerms } from '../../services/merchants/change-terms.ts';

const OWN = 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx';
const OTHER = '2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc';
const MAIN = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos();
});
afterAll(() => test[Symbol.asyncDispose]());

interface Created {
  readonly uuid: string;
  readonly address: string;
}

async function newOrder(more: Readonly<Record<string, unknown>> = {}): Promise<Created> {
  const answer = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00', ...more } });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as Created;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (path: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  test.call('POST', path, { body: new URLSearchParams(fields).toString(), headers: FORM });
const press = async (uuid: string, ...forms: readonly Readonly<Record<string, string>>[]): Promise<void> => {
  for (const form of forms)
    expect((await post(`/checkout/${uuid}/sandbox`, form)).headers.get('location')).toContain('sandbox=done');
};
const pageOf = async (uuid: string, query = ''): Promise<string> => (await test.call('GET', `/checkout/${uuid}${query}`)).text;
const setCheckout = (checkout: Partial<PosCheckout>): Promise<unknown> =>
  changeTerms(test.gateway.context, { kind: 'command' }, shop.pos.id, { checkout });

describe('a refund', () => {
  const stored = async (uuid: string): Promise<string | undefined> =>
    (
      await test.gateway.context.store.refundRequests.ofOrder(
        uuid as Parameters<typeof test.gateway.context.store.refundRequests.ofOrder>[0],
      )
    )?.address;
  const newOverpaid = async (): Promise<Created> => {
    const order = await newOrder({ required_confirmations: 0 });
    await press(order.uuid, { event: 'payment.overpaid' });
    return order;
  };

  it('is requested to an address, which the page then shows, and may be changed', async () => {
    const { uuid } = await newOverpaid();
    expect(await pageOf(uuid)).toContain(`action="/checkout/${uuid}/refund?lang=en"`);
    const answer = await post(`/checkout/${uuid}/refund?lang=it&unit=sat`, { address: OWN });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/checkout/${uuid}?lang=it&unit=sat#refund`]);
    expect(await stored(uuid)).toBe(OWN);
    expect(await pageOf(uuid)).toContain(OWN);
    await post(`/checkout/${uuid}/refund`, { address: OTHER });
    expect(await stored(uuid)).toBe(OTHER);
  });

  it.each([
    [`  ${OWN}\n`, OWN],
    [OWN.toUpperCase(), OWN],
    [`bitcoin:${OWN}?amount=0.1&label=x`, OWN],
    [`BITCOIN:${OWN.toUpperCase()}`, OWN],
    [OTHER, OTHER],
  ])('takes the address in %j', async (text, address) => {
    const { uuid } = await newOverpaid();
    await post(`/checkout/${uuid}/refund`, { address: text });
    expect(await stored(uuid)).toBe(address);
  });

  it.each([
    ['', 'refund_invalid', 'This is not a bitcoin address.'],
    ['my wallet', 'refund_invalid', 'This is not a bitcoin address.'],
    [OWN.replace('cr8', 'cr9'), 'refund_invalid', 'This is not a bitcoin address.'],
    ['lnbc1pvjluezpp5qqqsyqcyq5rqwzqf', 'refund_invalid', 'This is not a bitcoin address.'],
    ['x'.repeat(3_000), 'refund_invalid', 'This is not a bitcoin address.'],
    [MAIN, 'refund_network', 'This address is for another network.'],
  ])('does not take %j', async (address, note, words) => {
    const { uuid } = await newOverpaid();
    const answer = await post(`/checkout/${uuid}/refund`, { address });
    expect(answer.headers.get('location')).toBe(`/checkout/${uuid}?note=${note}#refund`);
    expect(await stored(uuid)).toBeUndefined();
    expect(await pageOf(uuid, `?note=${note}`)).toContain(words);
  });

  it("does not go to the order's own address", async () => {
    const { uuid, address } = await newOverpaid();
    expect((await post(`/checkout/${uuid}/refund`, { address })).headers.get('location')).toContain('note=refund_same');
    expect(await stored(uuid)).toBeUndefined();
  });

  it('cannot be requested where nothing is owed', async () => {
    const { uuid } = await newOrder();
    const answer = await post(`/checkout/${uuid}/refund`, { address: OWN });
    expect(answer.headers.get('location')).toBe(`/checkout/${uuid}#refund`);
    expect(await stored(uuid)).toBeUndefined();
    expect(await pageOf(uuid)).not.toContain('/refund');
  });

  it('refuses a body that is too large', async () => {
    const { uuid } = await newOverpaid();
    expect((await post(`/checkout/${uuid}/refund`, { address: 'x'.repeat(5_000) })).status).toBe(413);
  });
});

describe('trying again', () => {
  const newExpired = async (more: Readonly<Record<string, unknown>> = {}): Promise<Created> => {
    const order = await newOrder(more);
    await press(order.uuid, { event: 'payment.expired' });
    return order;
  };
  const retry = async (uuid: string): Promise<string> => (await post(`/checkout/${uuid}/retry`)).headers.get('location') ?? '';

  it('creates one new order on the same terms if the POS allows it', async () => {
    const terms = {
      reference: 'R-1',
      details: 'Two coffees',
      required_confirmations: 2,
      callback_url: 'https://shop.example/callback',
      continue_url: 'https://shop.example/thanks',
      cancel_url: 'https://shop.example/basket',
    };
    const { uuid, address } = await newExpired(terms);
    expect(await pageOf(uuid)).not.toContain('/retry');
    expect(await retry(uuid)).toBe(`/checkout/${uuid}`);
    await setCheckout({ allowsRetry: true });
    expect(await pageOf(uuid)).toContain(`action="/checkout/${uuid}/retry?lang=en"`);
    const to = await retry(uuid);
    expect(to).toMatch(/^\/checkout\/[\da-f-]{36}$/);
    expect(to).not.toContain(uuid);
    expect(await retry(uuid)).toBe(to);
    const { body } = await test.call('GET', to.replace('/checkout/', '/payment-order/'), { token: shop.token });
    const { reference, details, required_confirmations, callback_url } = terms;
    expect(body).toMatchObject({ amount: '10.00', reference, details, required_confirmations, callback_url });
    expect((body as Created).address).not.toBe(address);
    expect(await pageOf(to.replace('/checkout/', ''))).toContain('Waiting for your payment');
  });

  it('is not offered for an order that has received something, or is cancelled', async () => {
    await setCheckout({ allowsRetry: true });
    const late = await newExpired();
    await press(late.uuid, { event: 'payment.overpaid' });
    const cancelled = await newOrder();
    await press(cancelled.uuid, { event: 'payment.cancelled' });
    for (const { uuid } of [late, cancelled]) {
      expect(await pageOf(uuid)).not.toContain('/retry');
      expect(await retry(uuid)).toBe(`/checkout/${uuid}`);
    }
  });

  it('reports that no order can be created now', async () => {
    await setCheckout({ allowsRetry: true });
    const { uuid } = await newExpired();
    const { context } = test.gateway;
    const rate = context.rates.rate.bind(context.rates);
    context.rates.rate = () => undefined;
    try {
      expect(await retry(uuid)).toBe(`/checkout/${uuid}?note=try_again_failed`);
    } finally {
      context.rates.rate = rate;
    }
    expect(await pageOf(uuid, '?note=try_again_failed')).toContain('That is not possible right now.');
  });
});

describe('the way back to the shop', () => {
  it('opens when the whole amount is seen, or when it is paid if the POS says so', async () => {
    const { uuid } = await newOrder({ continue_url: 'https://shop.example/thanks' });
    await press(uuid, { action: 'send' });
    const back = `data-leave="https://shop.example/thanks?payment_id=${uuid}"`;
    expect(await pageOf(uuid)).toContain(back);
    expect(await pageOf(uuid, '?stay=1')).not.toContain('data-leave');
    await setCheckout({ returnWhen: 'paid' });
    expect(await pageOf(uuid)).not.toContain('shop.example');
    await press(uuid, { event: 'payment.completed' });
    expect(await pageOf(uuid)).toContain(back);
    await setCheckout({ returnWhen: 'seen' });
  });
});

describe('trying again after a day', () => {
  it('is no longer offered', async () => {
    await setCheckout({ allowsRetry: true });
    const { uuid } = await newOrder();
    await press(uuid, { event: 'payment.expired' });
    expect(await pageOf(uuid)).toContain('/retry');
    test.clock.advance(24 * 3_600_000);
    expect(await pageOf(uuid)).not.toContain('/retry');
    expect((await post(`/checkout/${uuid}/retry`)).headers.get('location')).toBe(`/checkout/${uuid}`);
  });
});
