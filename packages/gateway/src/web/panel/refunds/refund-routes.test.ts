/** A refund from the buyer's request to its confirmed payment, through the pages and the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { sats } from '../../../kernel/sats.ts';
import { permissionsOf, type Role } from '../../../people/role.ts';
import { OPERATOR, type Viewer } from '../../../people/viewer.ts';
import { showOrder } from '../../../services/orders/show-order.ts';
import { issueCode, issueToken } from '../../../services/people/panel-access.ts';
import { scriptOfAddress } from '../../../wallet/script/script-of-address.ts';
import { approveRefund } from '../../../services/refunds/approve-refund.ts';
import type { OrderId, RefundId } from '../../../kernel/ids.ts';
import type { RefundJson } from '../../../contract/refund-json.ts';
import { orderRefundsView } from './order-refunds.ts';

const ADDRESS = 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx';
const MISSING = '00000000-0000-4000-8000-000000000000';

let test: TestGateway;
let shop: Shop;
let cookie: string;
let token: string;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos({ name: '<b>Corner</b>' });
  const entered = await post('/panel/login', { code: (await issueCode(test.gateway.context)).secret });
  cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  token = (await issueToken(test.gateway.context, 86_400_000)).secret;
});
afterAll(() => test[Symbol.asyncDispose]());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  test.call('POST', path, { body: new URLSearchParams(fields).toString(), headers: { ...FORM, ...headers } });
const pageOf = (path: string): Promise<Answer> => test.call('GET', path, { headers: { cookie } });
const api = (method: string, path: string, body?: unknown): Promise<Answer> =>
  test.call(method, `/panel/api/${path}`, { token, body });
const press = async (path: string, fields: Readonly<Record<string, string>> = {}): Promise<string | null> => {
  const [, key = ''] = /name="form_key" value="([^"]+)"/.exec((await pageOf('/panel/refunds')).text) ?? [];
  return (await post(path, { form_key: key, ...fields }, { cookie })).headers.get('location');
};
/** What the buyer reads about the refund of an order. */
const buyersPage = async (order: string, lang = 'en'): Promise<string> =>
  (await test.call('GET', `/checkout/${order}?lang=${lang}`)).text
    .replace(/^.*<main/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
const caughtUp = (): Promise<void> => test.gateway.caughtUp(AbortSignal.timeout(60_000));

/** Creates an order that is overpaid and confirmed. */
async function newOverpaid(): Promise<string> {
  const created = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
  const { uuid } = created.body as { uuid: string };
  for (const event of ['payment.overpaid', 'payment.completed'])
    await test.call('PATCH', `/payment-order/${uuid}/test`, { token: shop.token, body: { callback: event } });
  return uuid;
}
const requested = async (): Promise<RefundJson> => {
  const order = await newOverpaid();
  await post(`/checkout/${order}/refund`, { address: `bitcoin:${ADDRESS}?amount=9` });
  const { refunds } = (await api('GET', 'refunds?status=requested')).body as { refunds: RefundJson[] };
  const found = refunds.find((refund) => refund.order === order);
  if (found === undefined) throw new Error('expected a refund of the order');
  return found;
};

const viewerOf = (role: Role): Viewer => ({ ...OPERATOR, permissions: permissionsOf(role) });

describe('a refund', () => {
  it('is requested by the buyer, approved, paid and confirmed', async () => {
    const { uuid, order } = await requested();
    expect(await buyersPage(order)).toContain('Refund requested');
    expect((await pageOf('/panel/refunds')).text).toContain(`/panel/refunds/${uuid}`);
    expect((await pageOf(`/panel/refunds/${uuid}`)).text).toContain('&lt;b>Corner');
    const { refund } = await approveRefund(test.gateway.context, OPERATOR.actor, uuid as RefundId, { kind: 'suggested' });
    const page = (await pageOf(`/panel/refunds/${uuid}`)).text;
    expect(page).toContain('class="qr"');
    expect(page).toContain(`bitcoin:${ADDRESS}?amount=`);
    expect((await test.call('GET', `/checkout/${order}`)).text).not.toContain('id="refund-address"');
    const sent = `to your address ${ADDRESS} \\.`;
    expect(await buyersPage(order)).toMatch(new RegExp(`Refund approved The shop will send [\\d. ]+ BTC ${sent}`));
    for (const [lang, words] of [
      ['de', 'Erstattung genehmigt'],
      ['ar', 'تمت الموافقة على الاسترداد'],
    ] as const)
      expect(await buyersPage(order, lang)).toContain(words);
    const amount = refund.state.status === 'approved' ? refund.state.approval.amount : sats(0n);
    await caughtUp();
    const txid = await test.gateway.sandbox!.pay(scriptOfAddress(ADDRESS, 'regtest')!, amount);
    await caughtUp();
    expect((await api('GET', `refunds/${uuid}`)).body).toMatchObject({
      status: 'seen',
      amount: Number(amount),
      left: expect.any(Number),
    });
    expect(await buyersPage(order)).toMatch(new RegExp(`Refund on its way .*${sent} 0 of 1 confirmation Transaction ID ${txid}`));
    await test.gateway.sandbox!.mine();
    await caughtUp();
    expect((await api('GET', `refunds/${uuid}`)).body).toMatchObject({
      status: 'confirmed',
      payouts: [{ refund: uuid, place: 'block' }],
    });
    expect((await pageOf(`/panel/refunds/${uuid}`)).text).toContain(txid);
    expect(await buyersPage(order)).toMatch(new RegExp(`Refund paid .*${sent} 1 of 1 confirmation Transaction ID ${txid}`));
  });

  it('that was requested from an earlier version is shown to buyer and merchant, and to the merchant as not verified', async () => {
    const order = await newOverpaid();
    const { store, clock } = test.gateway.context;
    await store.refundRequests.put({ orderId: order as OrderId, address: ADDRESS, requestedAt: clock.now() });
    expect(await buyersPage(order)).toContain(`Refund requested The shop has your address ${ADDRESS}`);
    const page = (await pageOf(`/panel/orders/${order}`)).text;
    for (const part of [ADDRESS, 'nothing proves that it is the buyer’s']) expect(page).toContain(part);
    expect((await api('GET', `orders/${order}`)).body).toMatchObject({
      refund_requested: { address: ADDRESS, verified: false },
    });
    const { refunds } = (await api('GET', 'refunds')).body as { refunds: RefundJson[] };
    expect(refunds.filter((refund) => refund.order === order)).toEqual([]);
  });

  it('is refused with a reason, which is shown as text', async () => {
    const { uuid, order } = await requested();
    expect(await press(`/panel/refunds/${uuid}/cancel`, { reason: '<i>no</i>' })).toBe(`/panel/refunds/${uuid}?note=closed`);
    expect((await pageOf(`/panel/refunds/${uuid}`)).text).toContain('&lt;i>no&lt;/i>');
    expect(await buyersPage(order)).toContain(`Refund declined The shop will not send a refund to your address ${ADDRESS}`);
    expect((await api('POST', `refunds/${uuid}/cancel`, {})).body).toMatchObject({ status: 'refused', repeated: true });
  });

  it('is requested by the merchant, once for each id', async () => {
    const order = await newOverpaid();
    const id = '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f';
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await press('/panel/refunds/request', { order, id, address: ADDRESS })).toBe(`/panel/refunds/${id}?note=requested`);
    expect(await press('/panel/refunds/request', { order, address: 'x' })).toBe(`/panel/orders/${order}?refund=address#refunds`);
    expect(await press('/panel/refunds/request', { order: MISSING, address: ADDRESS })).toBeNull();
  });

  it("is started on the order's page, which lists it, by those who may", async () => {
    const order = await newOverpaid();
    const path = `/panel/orders/${order}`;
    const before = (await pageOf(path)).text;
    const [form = ''] = /<form[^>]*action="\/panel\/refunds\/request">.*?<\/form>/.exec(before) ?? [];
    const [, id = ''] = /name="id" value="([^"]+)"/.exec(form) ?? [];
    expect(form).toContain(`name="order" value="${order}"`);
    expect(await press('/panel/refunds/request', { order, id, address: ADDRESS })).toBe(`/panel/refunds/${id}?note=requested`);
    const [list = ''] = /<div id="refund-list".*?<\/div>/.exec((await pageOf(path)).text) ?? [];
    for (const part of [`href="/panel/refunds/${id}"`, 'Requested', ADDRESS]) expect(list).toContain(part);
    expect((await pageOf(`${path}?refund=address`)).text).toContain('This is not a bitcoin address.');
    // Without anything to send back there is nothing to start.
    const created = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
    const { uuid } = created.body as { uuid: string };
    expect((await pageOf(`/panel/orders/${uuid}`)).text).not.toContain('id="start-refund"');
    const viewer = viewerOf('accountant');
    const shown = (await showOrder(test.gateway.context, viewer, order))!;
    expect(orderRefundsView(test.gateway.context, shown, { viewer, query: {} })).toMatchObject({
      refunds: [{ uuid: id }],
      mayStart: false,
    });
    expect(orderRefundsView(test.gateway.context, shown, { viewer: viewerOf('cashier'), query: {} })).toBeNull();
  });

  it('answers with what is wrong', async () => {
    const { uuid, order } = await requested();
    expect((await api('GET', `refunds/${MISSING}`)).status).toBe(404);
    expect((await api('POST', 'refunds', { order, address: 'x' })).body).toMatchObject({
      error_code: '0001',
      errors: { address: [expect.any(String)] },
    });
    expect((await api('POST', 'refunds', { order: MISSING, address: ADDRESS })).status).toBe(404);
    expect((await api('POST', `refunds/${uuid}/psbt`, { fee_rate: '0' })).body).toMatchObject({
      errors: { fee_rate: [expect.any(String)] },
    });
    expect((await api('POST', `refunds/${uuid}/psbt`, {})).body).toMatchObject({
      errors: { refund: [expect.stringContaining('not_payable')] },
    });
    expect((await pageOf(`/panel/refunds/${MISSING}`)).status).toBe(404);
  });
});
